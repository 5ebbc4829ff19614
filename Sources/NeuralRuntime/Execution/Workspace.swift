import CKernels
import TensorCore

/// The arena of a lowered program for blocks of up to `capacity` rows: running in it allocates nothing.
@safe
struct Workspace: ~Copyable {
  let program: LoweredProgram
  let capacity: Int
  let byteCount: Int
  private let kernels: KernelTable
  private let starts: [Int]
  private let memory: UnsafeMutableRawPointer
  private let scratch: UnsafeMutableRawPointer

  init(_ program: LoweredProgram, capacity: Int, _ kernels: KernelTable) {
    self.program = program
    self.capacity = capacity
    self.kernels = kernels
    let stride = kernels.stride
    starts = program.buffers.offsets.map { max($0, 0) * capacity * stride }
    let arena = program.buffers.count * capacity * stride
    byteCount = max(arena + program.scratchCount(rows: capacity, kernels) * stride, 1)
    unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    unsafe scratch = memory + arena
  }

  deinit { unsafe memory.deallocate() }

  private func memory(rows: Int) -> CallMemory {
    precondition(rows <= capacity, "a block fits its workspace")
    return unsafe CallMemory(
      base: memory, starts: starts, rows: rows, kernels: kernels, scratch: scratch)
  }

  /// Runs a block; what it leaves in the arena serves `output` and the way back.
  mutating func forward(rows: Int, from input: UnsafeRawPointer) {
    unsafe write(input, toInput: 0, rows: rows)
    run(rows: rows)
  }

  /// Runs any number of samples, block after block, and copies the first output of each.
  mutating func forward(
    count: Int, from input: UnsafeRawPointer, into result: UnsafeMutableRawPointer
  ) {
    let size = program.inputCounts[0] * kernels.stride
    let resultSize = program.outputCounts[0] * kernels.stride
    var row = 0
    while row < count {
      let rows = min(capacity, count - row)
      unsafe forward(rows: rows, from: input + row * size)
      unsafe (result + row * resultSize).copyMemory(from: output, byteCount: rows * resultSize)
      row += rows
    }
  }

  mutating func write(_ source: UnsafeRawPointer, toInput index: Int, rows: Int = 1) {
    unsafe (memory + starts[program.inputs[index]]).copyMemory(
      from: source, byteCount: rows * program.inputCounts[index] * kernels.stride)
  }

  mutating func run(rows: Int) {
    let memory = memory(rows: rows)
    // By place: a copy of each step would be counted in and out.
    for index in program.steps.indices { program.steps[index].call.forward(memory) }
  }

  /// The first outputs of the block that ran last.
  var output: UnsafeRawPointer { unsafe output(0) }

  func output(_ index: Int) -> UnsafeRawPointer {
    unsafe UnsafeRawPointer(memory + starts[program.outputs[index]])
  }

  /// Runs back through the block that ran last, of so many rows.
  mutating func backward(
    rows: Int, from cotangent: UnsafeRawPointer, into gradient: UnsafeMutableRawPointer
  ) {
    let memory = memory(rows: rows)
    let stride = kernels.stride
    unsafe memory[program.gradients.output].copyMemory(
      from: cotangent, byteCount: rows * program.outputCounts[0] * stride)
    for (count, buffer) in program.unread { memory.clear(rows * count, at: buffer) }
    for index in program.steps.indices.reversed() {
      program.steps[index].call.backward(memory, program.steps[index].places)
      for (count, from, to) in program.steps[index].sums {
        let target = unsafe memory[to]
        unsafe kernels.functions.pointee.binary(
          Int32(BARTIZAN_ADD), rows * count, target, 1, memory[from], 1, target)
      }
    }
    unsafe gradient.copyMemory(
      from: memory[program.gradients.input], byteCount: rows * program.inputCounts[0] * stride)
  }
}

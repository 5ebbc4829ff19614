import CKernels
import TensorCore

/// What a call of a lowered program sees while it runs: its buffers, the kernels, working memory.
@safe
struct CallMemory {
  let base: UnsafeMutableRawPointer
  /// Where each buffer starts, in bytes.
  let starts: [Int]
  /// Rows of the batch in this block.
  let rows: Int
  let kernels: KernelTable
  let scratch: UnsafeMutableRawPointer

  var stride: Int { kernels.stride }

  subscript(buffer: Int) -> UnsafeMutableRawPointer {
    @inline(__always) get { unsafe base + starts[buffer] }
  }

  func copy(_ count: Int, from source: Int, to target: Int) {
    unsafe self[target].copyMemory(from: self[source], byteCount: count * stride)
  }

  func clear(_ count: Int, at buffer: Int) {
    unsafe self[buffer].initializeMemory(as: UInt8.self, repeating: 0, count: count * stride)
  }
}

/// An operand of a call: a buffer, or a constant that every row shares.
enum CallOperand: Sendable {
  case buffer(Int)
  case constant(ConstantBlock)

  var isBuffer: Bool { if case .buffer = self { true } else { false } }

  @inline(__always)
  func withAddress<Result>(
    in memory: CallMemory, _ body: (UnsafeRawPointer) -> Result
  ) -> Result {
    switch self {
    case .buffer(let buffer): unsafe body(UnsafeRawPointer(memory[buffer]))
    case .constant(let block): unsafe block.withAddress(body)
    }
  }
}

/// Where a call finds the gradients of its results and puts those of its operands.
struct GradientPlaces: Sendable {
  /// Gradient buffers of the results; a call may use them up.
  var cotangents: [Int]
  /// By operand; nil where no gradient is wanted.
  var targets: [Int?]
}

/// One call of a lowered program.
protocol LoweredCall: Sendable {
  /// Elements of working memory that it needs for a block of so many rows, forwards and back.
  func scratchCount(rows: Int, _ kernels: KernelTable) -> Int

  func forward(_ memory: CallMemory)

  /// Overwrites every target with the gradient of ⟨cotangents, results⟩.
  func backward(_ memory: CallMemory, _ places: GradientPlaces)
}

extension LoweredCall {
  func scratchCount(rows: Int, _ kernels: KernelTable) -> Int { 0 }
}

extension KernelEpilogue {
  /// The C form of a product's ends.
  func withEnds(
    _ start: Int, _ bias: ConstantBlock?, _ body: (UnsafePointer<bartizan_ends>) -> Void
  ) {
    var ends = unsafe bartizan_ends(
      start: Int32(start), epilogue: code, bias: nil, low: low, high: high)
    guard let bias else {
      unsafe body(&ends)
      return
    }
    unsafe bias.withAddress { address in
      unsafe ends.bias = address
      unsafe body(&ends)
    }
  }

  /// The cotangent of what the epilogue reads, in place, from what it gave.
  func pullBack(_ count: Int, cotangent: Int, result: Int, _ memory: CallMemory) {
    guard self != .none else { return }
    let g = unsafe memory[cotangent]
    unsafe memory.kernels.functions.pointee.activation_gradient(
      code, low, high, count, memory[result], g, g)
  }
}

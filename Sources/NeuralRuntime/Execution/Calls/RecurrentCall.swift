import CKernels
import TensorCore

/// An LSTM, GRU or RNN layer with constant weights and the standard functions: products with packed weights and
/// vectors of gates, in the operation sequence of `RecurrentLayer`.
struct RecurrentCall: LoweredCall {
  enum Cell: Sendable {
    case plain
    case longShortTerm
    /// Whether the reset gate multiplies the product of state and weights, or the state before it.
    case gated(resetsAfter: Bool)
  }

  /// One direction's constants; matrices are right operands of products.
  struct Direction: Sendable {
    var isReversed: Bool
    /// Input to gates, and back.
    var weights: ConstantBlock
    var backWeights: ConstantBlock?
    /// State to the gates that read it as it is, and back.
    var recurrence: ConstantBlock
    var backRecurrence: ConstantBlock?
    /// State after the reset to the candidate, and back.
    var candidate: ConstantBlock?
    var backCandidate: ConstantBlock?
    /// Where the gates' chains start; nil for 0.
    var bias: ConstantBlock?
    /// Where the chains of the part that the reset gate multiplies start; nil for 0.
    var stateBias: ConstantBlock?
  }

  let cell: Cell
  let size: RecurrentLayer.Sizes
  let directions: [Direction]
  let x: Int
  let initialHidden: CallOperand?
  let initialMemory: CallOperand?
  /// The states of all steps and the last ones.
  let all: Int
  let lastHidden: Int
  let lastMemory: Int?
  /// What each step leaves for the steps after it and for the way back.
  let trace: Int
  /// The number 1.
  let one: ConstantBlock

  /// All gates of one sample.
  var wide: Int { size.gates * size.hidden }
  /// Elements of one state for the batch.
  var state: Int { size.batch * size.hidden }
  private var rows: Int { size.steps * size.batch }

  /// Sums before the functions, values after them, candidate sums or memories, shown memories.
  static func traceCount(_ size: RecurrentLayer.Sizes) -> Int {
    size.directions * size.steps * size.batch * (2 * size.gates + 2) * size.hidden
  }

  /// Gates whose sums read the state as it is.
  static func gatesOfState(_ cell: Cell, _ size: RecurrentLayer.Sizes) -> Int {
    if case .gated(resetsAfter: false) = cell { 2 } else { size.gates }
  }

  func scratchCount(rows _: Int, _ kernels: KernelTable) -> Int {
    // Forwards: zeros and a state. Back: cotangents of all sums, gradients of states, a few vectors.
    rows * (wide + size.inputs) + 2 * wide * size.batch + 8 * state + 8 * size.hidden
  }

  /// Where the parts of one direction's trace start.
  @safe
  struct Trace {
    let sums, gates, inner, shown: UnsafeMutableRawPointer

    init(_ call: RecurrentCall, _ direction: Int, _ memory: CallMemory) {
      let (rows, stride) = (call.rows, memory.stride)
      let length = rows * (2 * call.size.gates + 2) * call.size.hidden * stride
      unsafe sums = memory[call.trace] + direction * length
      unsafe gates = sums + rows * call.wide * stride
      unsafe inner = gates + rows * call.wide * stride
      unsafe shown = inner + rows * call.size.hidden * stride
    }
  }

  /// The moment a step computes.
  func time(_ step: Int, _ direction: Int) -> Int {
    directions[direction].isReversed ? size.steps - 1 - step : step
  }

  /// Calls `body` with a state before the first step; `zeros` is memory for one that is not given.
  func withInitial(
    _ operand: CallOperand?, _ direction: Int, _ memory: CallMemory,
    zeros: UnsafeMutableRawPointer, _ body: (UnsafeRawPointer) -> Void
  ) {
    guard let operand else {
      unsafe zeros.initializeMemory(as: UInt8.self, repeating: 0, count: state * memory.stride)
      unsafe body(zeros)
      return
    }
    unsafe operand.withAddress(in: memory) {
      unsafe body($0 + direction * state * memory.stride)
    }
  }

  /// The state before a step, which the step before left among the outputs.
  func previousHidden(
    _ step: Int, _ direction: Int, _ initial: UnsafeRawPointer, _ memory: CallMemory
  ) -> UnsafeRawPointer {
    guard step > 0 else { return unsafe initial }
    let place = time(step - 1, direction) * size.directions + direction
    return unsafe UnsafeRawPointer(memory[all] + place * state * memory.stride)
  }

  func forward(_ memory: CallMemory) {
    for direction in directions.indices {
      project(direction, memory)
      let zeros = unsafe memory.scratch + state * memory.stride
      unsafe withInitial(initialHidden, direction, memory, zeros: zeros) { hidden in
        let zeros = unsafe zeros + state * memory.stride
        unsafe withInitial(initialMemory, direction, memory, zeros: zeros) { cells in
          for step in 0..<size.steps {
            unsafe run(step, direction, from: hidden, cells, memory)
          }
        }
      }
      copyLast(direction, memory)
    }
  }

  /// Bias and input of every step.
  private func project(_ number: Int, _ memory: CallMemory) {
    let trace = Trace(self, number, memory)
    let direction = directions[number]
    unsafe direction.weights.withAddress { weights in
      unsafe KernelEpilogue.none.withEnds(
        direction.bias == nil ? BARTIZAN_START_ZERO : BARTIZAN_START_COLUMN_BIAS, direction.bias
      ) { ends in
        unsafe memory.kernels.functions.pointee.gemm_packed_right(
          rows, wide, size.inputs, memory[x], size.inputs, 1, weights, trace.sums, wide, ends)
      }
    }
  }

  private func copyLast(_ direction: Int, _ memory: CallMemory) {
    let (time, bytes) = (time(size.steps - 1, direction), state * memory.stride)
    let place = unsafe memory[all] + (time * size.directions + direction) * bytes
    unsafe (memory[lastHidden] + direction * bytes).copyMemory(from: place, byteCount: bytes)
    if let lastMemory {
      let cells = unsafe Trace(self, direction, memory).inner + time * bytes
      unsafe (memory[lastMemory] + direction * bytes).copyMemory(from: cells, byteCount: bytes)
    }
  }

  /// One step of the whole batch.
  private func run(
    _ step: Int, _ number: Int, from initial: UnsafeRawPointer, _ cells: UnsafeRawPointer,
    _ memory: CallMemory
  ) {
    let (h, stride) = (size.hidden, memory.stride)
    let trace = Trace(self, number, memory)
    let time = time(step, number)
    let row = time * size.batch
    let sums = unsafe trace.sums + row * wide * stride
    let old = unsafe previousHidden(step, number, initial, memory)
    if case .gated(resetsAfter: true) = cell {
      unsafe separate(sums, to: trace.inner + row * h * stride, directions[number], memory)
    }
    let gates = Self.gatesOfState(cell, size)
    unsafe directions[number].recurrence.withAddress { weights in
      unsafe memory.kernels.functions.pointee.gemm_packed_right(
        size.batch, gates * h, h, old, h, 1, weights, sums, wide, nil)
    }
    let vectors = CellVectors(memory.kernels, count: h)
    for sample in 0..<size.batch {
      let place = (row + sample) * h * stride
      let s = unsafe sums + sample * wide * stride
      let g = unsafe trace.gates + place * size.gates
      let inner = unsafe trace.inner + place
      let before = unsafe old + sample * h * stride
      let target =
        unsafe memory[all]
        + ((time * size.directions + number) * size.batch + sample) * h * stride
      switch cell {
      case .plain:
        unsafe vectors.apply(BARTIZAN_TANH, s, to: g)
        unsafe target.copyMemory(from: g, byteCount: h * stride)
      case .longShortTerm:
        let cellBefore =
          step == 0
          ? unsafe cells + sample * h * stride
          : unsafe UnsafeRawPointer(trace.inner)
            + (self.time(step - 1, number) * size.batch + sample) * h * stride
        unsafe vectors.apply(BARTIZAN_SIGMOID, times: 3, s, to: g)
        unsafe vectors.apply(BARTIZAN_TANH, s + 3 * h * stride, to: g + 3 * h * stride)
        unsafe vectors.multiply(g + 2 * h * stride, cellBefore, to: inner)
        unsafe vectors.multiplyAdd(g, g + 3 * h * stride, inner, to: inner)
        let shown = unsafe trace.shown + place
        unsafe vectors.apply(BARTIZAN_TANH, inner, to: shown)
        unsafe vectors.multiply(g + h * stride, shown, to: target)
      case .gated(let resetsAfter):
        unsafe vectors.apply(BARTIZAN_SIGMOID, times: 2, s, to: g)
        if resetsAfter {
          unsafe vectors.multiplyAdd(g + h * stride, s + 2 * h * stride, inner, to: inner)
        } else {
          unsafe vectors.multiply(g + h * stride, before, to: memory.scratch)
          unsafe addCandidate(
            number, from: memory.scratch, to: s + 2 * h * stride, memory)
          unsafe inner.copyMemory(from: s + 2 * h * stride, byteCount: h * stride)
        }
        let candidate = unsafe g + 2 * h * stride
        unsafe vectors.apply(BARTIZAN_TANH, inner, to: candidate)
        unsafe one.withAddress { one in
          unsafe vectors.subtract(from: one, g, to: target)
        }
        unsafe vectors.multiply(target, candidate, to: target)
        unsafe vectors.multiplyAdd(g, before, target, to: target)
      }
    }
  }

  /// Keeps the candidates' own sums apart, and starts what the reset gate will multiply in their place.
  private func separate(
    _ sums: UnsafeMutableRawPointer, to inner: UnsafeMutableRawPointer, _ direction: Direction,
    _ memory: CallMemory
  ) {
    let bytes = size.hidden * memory.stride
    for sample in 0..<size.batch {
      let part = unsafe sums + sample * 3 * bytes + 2 * bytes
      unsafe (inner + sample * bytes).copyMemory(from: part, byteCount: bytes)
      if let bias = direction.stateBias {
        unsafe bias.withAddress { unsafe part.copyMemory(from: $0, byteCount: bytes) }
      } else {
        unsafe part.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      }
    }
  }

  private func addCandidate(
    _ number: Int, from state: UnsafeRawPointer, to sums: UnsafeMutableRawPointer,
    _ memory: CallMemory
  ) {
    let h = size.hidden
    unsafe directions[number].candidate?.withAddress { weights in
      unsafe memory.kernels.functions.pointee.gemm_packed_right(
        1, h, h, state, h, 1, weights, sums, wide, nil)
    }
  }
}

import CKernels
import TensorCore

/// An LSTM, GRU or RNN layer with constant weights and the standard functions, for all samples of a block at once:
/// each step is a few products with packed weights and a few vector operations, in the operation sequence of
/// `RecurrentLayer`.
///
/// What a step computes lies gate by gate, so that each function runs over all samples in one go.
struct RecurrentCall: LoweredCall {
  enum Cell: Sendable {
    case plain
    case longShortTerm
    /// Whether the reset gate multiplies the product of state and weights, or the state before it.
    case gated(resetsAfter: Bool)
  }

  /// One direction's constants.
  struct Direction: Sendable {
    var isReversed: Bool
    /// Input to gates, and back.
    var weights: GateMatrix
    var backWeights: GateMatrix?
    /// State to the gates that read it, and back; with a reset before, the candidate's gate is apart.
    var recurrence: GateMatrix
    var backRecurrence: GateMatrix?
    /// State after the reset to the candidate, and back.
    var candidate: GateMatrix?
    var backCandidate: GateMatrix?
    /// Where the gates' chains start; nil for 0.
    var bias: ConstantBlock?
    /// Where the chains of the part that the reset gate multiplies start; nil for 0.
    var stateBias: ConstantBlock?
  }

  let cell: Cell
  /// Of one row of the block.
  let size: RecurrentLayer.Sizes
  let directions: [Direction]
  let x: Int
  let initialHidden: CallOperand?
  let initialMemory: CallOperand?
  /// The states of all steps and the last ones.
  let all: Int
  let lastHidden: Int
  let lastMemory: Int?
  /// Whether something reads the states of all steps.
  let showsAll: Bool
  /// What each step leaves for the steps after it and for the way back.
  let trace: Int
  /// Whether there will be a way back.
  let isRecording: Bool
  /// The number 1.
  let one: ConstantBlock

  /// All gates of one sample.
  var wide: Int { size.gates * size.hidden }

  /// Elements of the trace for one row: by step the gates' sums and values, the candidate's sum or the memory, the
  /// memory as it is shown, and the state. Without a way back only this step and the one before are kept.
  static func traceCount(_ size: RecurrentLayer.Sizes, isRecording: Bool) -> Int {
    (isRecording ? size.directions * size.steps : 2)
      * size.batch * (2 * size.gates + 3) * size.hidden
  }

  /// Gates whose sums read the state as it is.
  static func gatesOfState(_ cell: Cell, _ size: RecurrentLayer.Sizes) -> Int {
    if case .gated(resetsAfter: false) = cell { 2 } else { size.gates }
  }

  func scratchCount(rows: Int, _ kernels: KernelTable) -> Int {
    let samples = rows * size.batch
    let forwards = RecurrentRoom.forwardCount(self, samples)
    return isRecording ? max(forwards, RecurrentRoom.backwardCount(self, samples)) : forwards
  }

  /// The moment a step computes.
  func time(_ step: Int, _ direction: Int) -> Int {
    directions[direction].isReversed ? size.steps - 1 - step : step
  }

  // Where samples lie in the buffers of a block.

  func inputLayout(_ memory: CallMemory) -> SampleLayout {
    SampleLayout(
      rows: memory.rows, samples: size.batch, width: size.inputs,
      rowWidth: size.steps * size.batch * size.inputs)
  }

  /// Elements from the start of a row to the inputs of a moment.
  func inputPlace(_ time: Int) -> Int { time * size.batch * size.inputs }

  func allLayout(_ memory: CallMemory) -> SampleLayout {
    SampleLayout(
      rows: memory.rows, samples: size.batch, width: size.hidden,
      rowWidth: size.steps * size.directions * size.batch * size.hidden)
  }

  func allPlace(_ time: Int, _ direction: Int) -> Int {
    (time * size.directions + direction) * size.batch * size.hidden
  }

  func stateLayout(_ memory: CallMemory) -> SampleLayout {
    SampleLayout(
      rows: memory.rows, samples: size.batch, width: size.hidden,
      rowWidth: size.directions * size.batch * size.hidden)
  }

  func statePlace(_ direction: Int) -> Int { direction * size.batch * size.hidden }

  // Steps of the trace.

  /// What one step leaves, for all samples: `[gates, samples, hidden]` and `[samples, hidden]`.
  @safe
  struct Moment {
    let sums, gates, inner, shown, state: UnsafeMutableRawPointer

    init(_ call: RecurrentCall, _ direction: Int, _ step: Int, _ memory: CallMemory) {
      let part = memory.rows * call.size.batch * call.size.hidden * memory.stride
      let slot = call.isRecording ? direction * call.size.steps + step : step & 1
      unsafe sums = memory[call.trace] + slot * (2 * call.size.gates + 3) * part
      unsafe gates = sums + call.size.gates * part
      unsafe inner = gates + call.size.gates * part
      unsafe shown = inner + part
      unsafe state = shown + part
    }
  }

  /// Copies states of one direction from where they are given, or zeros, to `target`, sample by sample.
  func copyInitial(
    _ operand: CallOperand?, _ direction: Int, _ memory: CallMemory,
    to target: UnsafeMutableRawPointer
  ) {
    let bytes = size.hidden * memory.stride
    let samples = memory.rows * size.batch
    guard let operand else {
      unsafe target.initializeMemory(as: UInt8.self, repeating: 0, count: samples * bytes)
      return
    }
    let layout = stateLayout(memory)
    unsafe operand.withAddress(in: memory) { source in
      for sample in 0..<samples {
        // Every row starts from the same constant.
        let place =
          operand.isBuffer ? layout.place(of: sample) : sample % size.batch * size.hidden
        unsafe (target + sample * bytes).copyMemory(
          from: source + (statePlace(direction) + place) * memory.stride, byteCount: bytes)
      }
    }
  }

  /// Copies states of all samples to where their samples lie in a buffer.
  func spread(
    _ states: UnsafeRawPointer, to buffer: Int, from place: Int, _ layout: SampleLayout,
    _ memory: CallMemory
  ) {
    let bytes = size.hidden * memory.stride
    let target = unsafe memory[buffer] + place * memory.stride
    for sample in 0..<memory.rows * size.batch {
      unsafe (target + layout.place(of: sample) * memory.stride).copyMemory(
        from: states + sample * bytes, byteCount: bytes)
    }
  }
}

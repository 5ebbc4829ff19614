import EngineSupport
import TensorCore

/// A plan as calls of kernels on numbered buffers in one arena, for one element type and one kernel path.
struct LoweredProgram: Sendable {
  struct Step: Sendable {
    var call: any LoweredCall
    /// The value of each operand; nil for constants.
    var operands: [Int?]
    var results: [Int]
    /// Values that the way back reads.
    var kept: [Int]
    /// Values that the call writes for itself alone; no gradient is asked of them.
    var traces: [Int] = []
    /// Names of the file's nodes that this call computes.
    var nodes: [String]
    var places = GradientPlaces(cotangents: [], targets: [])
    /// Contributions to gradients that already hold some, added after the way back through this step.
    var sums: [(count: Int, from: Int, to: Int)] = []
  }

  private(set) var steps: [Step]
  /// The values that the caller writes and reads.
  let inputs: [Int]
  let outputs: [Int]
  /// Elements of each for one row.
  let inputCounts: [Int]
  let outputCounts: [Int]
  /// The gradient buffers of the first input and of the first output.
  private(set) var gradients = (input: -1, output: -1)
  /// Gradients of results that nothing reads: they are zero.
  private(set) var unread: [(count: Int, buffer: Int)] = []
  private(set) var buffers = BufferPlan(bufferCount: 0, [])

  /// - Parameters:
  ///   - counts: Elements of each value for one row.
  ///   - isRecording: Whether values stay for the way back, and gradients have buffers.
  init(
    _ steps: [Step], counts: [Int], inputs: [Int], outputs: [Int], isRecording: Bool
  ) {
    self.steps = steps
    self.inputs = inputs
    self.outputs = outputs
    inputCounts = inputs.map { counts[$0] }
    outputCounts = outputs.map { counts[$0] }
    let end = steps.count
    var first = [Int?](repeating: nil, count: counts.count)
    var last = [Int](repeating: -1, count: counts.count)
    for input in inputs {
      first[input] = -1
      last[input] = 0
    }
    for (time, step) in steps.enumerated() {
      for result in step.results + step.traces {
        first[result] = time
        last[result] = max(last[result], time)
      }
      for case let operand? in step.operands { last[operand] = max(last[operand], time) }
      if isRecording {
        for value in step.kept { last[value] = max(last[value], 2 * end - time) }
      }
    }
    for output in outputs { last[output] = max(last[output], end) }
    var lifetimes: [BufferPlan.Lifetime] = []
    for value in counts.indices {
      if let first = first[value] {
        lifetimes.append(
          BufferPlan.Lifetime(
            buffer: value, count: counts[value], first: first, last: last[value]))
      }
    }
    var bufferCount = counts.count
    if isRecording { planGradients(counts, &bufferCount, &lifetimes) }
    buffers = BufferPlan(bufferCount: bufferCount, lifetimes)
  }

  /// The way back: step `i` of n runs at time 2n − i.
  private mutating func planGradients(
    _ counts: [Int], _ bufferCount: inout Int, _ lifetimes: inout [BufferPlan.Lifetime]
  ) {
    let end = steps.count
    let (input, output) = (inputs[0], outputs[0])
    /// The gradient buffer of each value and when it is first written.
    var buffer = [Int?](repeating: nil, count: counts.count)
    var start = [Int](repeating: 0, count: counts.count)
    func makeBuffer() -> Int {
      bufferCount += 1
      return bufferCount - 1
    }
    let outputGradient = makeBuffer()
    buffer[output] = outputGradient
    start[output] = end
    for index in steps.indices.reversed() {
      let time = 2 * end - index
      steps[index].places.cotangents = steps[index].results.map { result in
        if let known = buffer[result] {
          lifetimes.append(
            BufferPlan.Lifetime(
              buffer: known, count: counts[result], first: start[result], last: time))
          return known
        }
        let made = makeBuffer()
        unread.append((counts[result], made))
        lifetimes.append(
          BufferPlan.Lifetime(buffer: made, count: counts[result], first: end, last: time))
        return made
      }
      steps[index].places.targets = steps[index].operands.map { operand in
        guard let operand else { return nil }
        let made = makeBuffer()
        if let known = buffer[operand] {
          steps[index].sums.append((counts[operand], made, known))
          lifetimes.append(
            BufferPlan.Lifetime(buffer: made, count: counts[operand], first: time, last: time))
        } else {
          buffer[operand] = made
          start[operand] = time
        }
        return made
      }
    }
    let inputGradient = buffer[input] ?? outputGradient
    lifetimes.append(
      BufferPlan.Lifetime(
        buffer: inputGradient, count: counts[input], first: start[input], last: 2 * end + 1))
    gradients = (inputGradient, outputGradient)
  }

  /// Elements of working memory for a block of so many rows.
  func scratchCount(rows: Int, _ kernels: KernelTable) -> Int {
    steps.reduce(0) { max($0, $1.call.scratchCount(rows: rows, kernels)) }
  }
}

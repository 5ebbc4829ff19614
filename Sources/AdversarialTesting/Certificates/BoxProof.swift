import EngineSupport
import NetworkVerification
import NeuralRuntime
import TensorCore

/// Tries to prove that no point of a box reaches a goal: intervals, lines, lines with optimised slopes, and then
/// splitting, each only where the one before was not enough.
struct BoxProof: Sendable {
  enum Outcome: Sendable {
    case proved(CertificationMethod)
    /// A point of the box that reaches the goal in single and in double precision.
    case refuted([Float])
    case open
  }

  let network: Network
  let propagation: LinearPropagation
  let effort: CertificationEffort

  /// Rows of bounds that are optimised together.
  private static let rowsAtOnce = 16
  /// Multiply-adds for the bounds of one box from which on splitting ends once it is foretold to fail. Where boxes are
  /// cheap all of the effort is spent: gains grow as boxes shrink, and a forecast that is wrong costs a certificate.
  private static let dearBox = 1 << 29

  /// Errors: `onnx.operator.not-bounded`, `network.bounds.too-large`.
  init(_ network: Network, _ effort: CertificationEffort) throws(Diagnostic) {
    self.network = network
    self.effort = effort
    propagation = try LinearPropagation(network)
  }

  /// - Parameter boxes: Boxes bounded by splitting are added.
  func outcome(
    lower: [Double], upper: [Double], _ goal: CertificateGoal, boxes: inout Int
  ) throws(Diagnostic) -> Outcome {
    let rows = GoalRows(goal)
    let shape = [1] + network.input.shape
    let range = try network.bounds(
      over: IntervalTensor(
        lower: Tensor(shape: shape, elements: lower), upper: Tensor(shape: shape, elements: upper)))
    let intervals = rows.bounds(lower: range.lower.elements, upper: range.upper.elements)
    if rows.open(intervals[...]).isEmpty { return .proved(.intervals) }
    let state = propagation.relaxed(over: BoxBatch(lower: lower, upper: upper, count: 1))
    let specification = rows.specification(boxes: 1)
    let lines = propagation.lowerBounds(
      outputs: specification.outputs, constants: specification.constants,
      boxes: specification.boxes, in: state)
    let bounds = zip(lines.bounds, intervals).map { max($0, $1) }
    var open = rows.open(bounds[...])
    if open.isEmpty { return .proved(.lines) }
    open = optimised(open, rows, state)
    if open.isEmpty { return .proved(.optimisedLines) }
    guard effort.boxes > 0 else { return .open }
    let questions =
      propagation.isBatched ? [open.map(\.alternative)] : open.map { [$0.alternative] }
    for alternatives in questions {
      let verifier = try PropertyVerifier(
        network, goal.property(lower: lower, upper: upper, alternatives: alternatives),
        by: propagation, at: SourceLocation(document: "certificate"))
      var search = VerificationEffort(
        boxes: effort.boxes / questions.count, starts: effort.starts, seed: effort.seed)
      search.endsWhenHopeless = propagation.boxWork > Self.dearBox
      let result = verifier.verify(within: search, knowing: state)
      boxes += result.boxes
      switch result.verdict {
      case .proved: continue
      case .refuted(let example): return .refuted(example.inputs)
      case .unknown: return .open
      }
    }
    return .proved(.splitting)
  }

  private func optimised(
    _ open: [(alternative: Int, row: Int)], _ rows: GoalRows, _ state: RelaxedBatch
  ) -> [(alternative: Int, row: Int)] {
    guard effort.slopeSteps > 0 else { return open }
    var left: [(alternative: Int, row: Int)] = []
    // A network that takes one sample at a time takes one row at a time.
    let count = propagation.isBatched ? Self.rowsAtOnce : 1
    for start in stride(from: 0, to: open.count, by: count) {
      let part = open[start..<min(start + count, open.count)]
      let better = propagation.optimised(
        LinearPropagation.Specification(
          outputs: part.flatMap {
            rows.coefficients[$0.row * rows.width..<($0.row + 1) * rows.width]
          }, inputs: [], constants: part.map { rows.constants[$0.row] }, boxes: part.map { _ in 0 }),
        in: state, steps: effort.slopeSteps)
      left += zip(part, better.bounds).filter { $1 <= 0 }.map(\.0)
    }
    return left
  }
}

public import EngineSupport
public import NetworkVerification
public import NeuralRuntime
public import PropertyFormat

/// An if-then property of a plan: where the readings lie in a box, the output lies in a range or names a class.
public struct ConditionalRule: Sendable, Hashable {
  public enum Consequence: Sendable, Hashable {
    /// An output, by place, stays in a range; in the output's own numbers.
    case output(Int, in: ClosedRange<Double>)
    /// A class has the highest output, alone.
    case label(Int)
  }

  public var box: ReadingBox
  public var consequence: Consequence

  public init(if box: ReadingBox, then consequence: Consequence) {
    self.box = box
    self.consequence = consequence
  }

  /// The rule as a property whose cases are its violations, in the form that VNN-LIB files are read into.
  ///
  /// A violation is closed: an output that equals an end of its range, or another class that equals the label, counts
  /// as one.
  ///
  /// Errors: `test.model.shape`, `test.goal.shape` where the consequence names no output.
  public func property(of network: Network) throws(Diagnostic) -> SafetyProperty {
    let range = try box.tensorRange(of: network.input.shape)
    let outputs = network.output.shape.reduce(1, *)
    let goal: CertificateGoal
    switch consequence {
    case .label(let label):
      goal = try CertificateGoal(.misclassification, label: label, reference: [], outputs: outputs)
    case .output(let place, let allowed):
      guard (0..<outputs).contains(place) else {
        throw Diagnostic("test.goal.shape", "the model has no output \(place)")
      }
      func inequality(_ sign: Double, _ bound: Double) -> OutputInequality {
        var coefficients = [Double](repeating: 0, count: outputs)
        coefficients[place] = sign
        return OutputInequality(coefficients: coefficients, exceeds: bound)
      }
      goal = try CertificateGoal(
        .violation([[inequality(1, allowed.upperBound)], [inequality(-1, -allowed.lowerBound)]]),
        label: 0, reference: [], outputs: outputs)
    }
    return goal.property(
      lower: range.lower, upper: range.upper, alternatives: Array(goal.alternatives.indices))
  }

  /// Checks the rule.
  ///
  /// - Parameter effort: its boxes, starts and seed count.
  /// Errors: as above, `onnx.operator.not-bounded`, `network.bounds.too-large`.
  public func check(
    _ network: Network, effort: CertificationEffort = CertificationEffort()
  ) throws(Diagnostic) -> VerificationResult {
    try PropertyVerifier(
      network, try property(of: network), at: SourceLocation(document: "rule")
    ).verify(
      within: VerificationEffort(boxes: effort.boxes, starts: effort.starts, seed: effort.seed))
  }
}

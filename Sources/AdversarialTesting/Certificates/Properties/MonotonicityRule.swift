public import EngineSupport
import NetworkVerification
import NeuralRuntime
public import ONNXFormat
import PropertyFormat
import TensorCore

/// That an output never falls (or never rises) while one reading rises and the others stay: "output k rises with
/// element i over the box".
///
/// Holds means: for any two samples of the box that differ in the element alone, the output at the greater reading is
/// above that at the smaller less `tolerance`. The tolerance is positive, because flat stretches and the rounding of
/// `Float` engines would refute any strict claim.
public struct MonotonicityRule: Sendable, Hashable, Codable {
  public enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
    case rising, falling
  }

  /// Of the model's flattened output.
  public var output: Int
  /// Of the flattened sample.
  public var element: Int
  public var direction: Direction
  /// In the output's own numbers; positive.
  public var tolerance: Double

  public init(output: Int, element: Int, direction: Direction, tolerance: Double) {
    self.output = output
    self.element = element
    self.direction = direction
    self.tolerance = tolerance
  }

  /// What came of checking it.
  public enum Verdict: Sendable, Hashable {
    case holds
    /// Two samples that break the rule in single and in double precision.
    case broken(lower: [Float], upper: [Float])
    /// Neither within the effort; the share of the check's boxes that is open.
    case unknown(openShare: Double)
  }

  /// Checks the rule over a box of readings in engineering units.
  ///
  /// One more input raises the element; the difference of the outputs is bounded and split. With more than 11 elements
  /// activations are split instead of inputs. What holds does so in exact arithmetic; a `Float` engine may add its
  /// rounding of two outputs.
  ///
  /// - Parameter effort: its boxes, starts and seed count.
  /// Errors: `test.rule.value` for indices or a tolerance that do not fit, `test.model.shape`, `test.rule.box`,
  /// `test.certificate.graph`, those of planning, `onnx.operator.not-bounded`, `network.bounds.too-large`.
  public func check(
    _ model: ONNXModel, over box: ReadingBox, effort: CertificationEffort = CertificationEffort()
  ) throws(Diagnostic) -> Verdict {
    var diagnostics = Diagnostics()
    let single = try Network(planning: model, reportingTo: &diagnostics)
    let range = try box.tensorRange(of: single.input.shape)
    let outputs = single.output.shape.reduce(1, *)
    guard (0..<outputs).contains(output), range.lower.indices.contains(element),
      tolerance > 0, tolerance.isFinite
    else {
      throw Diagnostic(
        "test.rule.value",
        "output \(output), element \(element) and tolerance \(tolerance) do not fit a model of "
          + "\(range.lower.count) elements and \(outputs) outputs")
    }
    let twin = try Network(
      planning: try RaisedPair(model, single, element: element).difference(),
      reportingTo: &diagnostics)
    let verifier = try PropertyVerifier(
      twin, property(range, outputs: outputs), at: SourceLocation(document: "monotonicity"))
    let result = verifier.verify(
      within: VerificationEffort(boxes: effort.boxes, starts: effort.starts, seed: effort.seed))
    switch result.verdict {
    case .proved: return .holds
    case .unknown(let share): return .unknown(openShare: share)
    case .refuted(let example):
      let lower = Array(example.inputs.dropLast())
      var upper = lower
      upper[element] += example.inputs[lower.count]
      return try breaks(lower, upper, single)
        ? .broken(lower: lower, upper: upper) : .unknown(openShare: 1)
    }
  }

  /// The rise r ≥ 0 of the element is one more input; a violation stays inside the box with it.
  private func property(
    _ range: (lower: [Double], upper: [Double]), outputs: Int
  ) -> SafetyProperty {
    typealias Constraint = SafetyProperty.LinearConstraint
    let place = SourceLocation(document: "monotonicity")
    let sign = direction == .rising ? 1.0 : -1.0
    let fall = Constraint(
      inputs: [], outputs: [Constraint.Term(index: output, coefficient: sign)],
      constant: tolerance, location: place)
    let width = range.lower.count
    let inside = Constraint(
      inputs: [
        Constraint.Term(index: element, coefficient: 1),
        Constraint.Term(index: width, coefficient: 1),
      ], outputs: [], constant: -range.upper[element], location: place)
    let least = (range.lower + [0]).map { SafetyProperty.Bound(below: $0, above: $0) }
    let most = (range.upper + [range.upper[element] - range.lower[element]])
      .map { SafetyProperty.Bound(below: $0, above: $0) }
    return SafetyProperty(
      inputCount: width + 1, outputCount: outputs,
      cases: [SafetyProperty.Case(least: least, most: most, constraints: [fall, inside])])
  }

  /// Replays two samples through the model itself.
  private func breaks(
    _ lower: [Float], _ upper: [Float], _ network: Network
  ) throws(Diagnostic) -> Bool {
    let shape = [2] + network.input.shape
    let floats = try network.outputs(for: Tensor(shape: shape, elements: lower + upper)).elements
    let doubles = try network.outputs(
      for: Tensor(shape: shape, elements: (lower + upper).map(Double.init))
    ).elements
    let sign = direction == .rising ? 1.0 : -1.0
    let other = floats.count / 2 + output
    return [floats.map(Double.init), doubles].allSatisfy {
      sign * ($0[other] - $0[output]) <= -tolerance
    }
  }
}

public import EngineSupport
public import NeuralRuntime
public import PropertyFormat

/// The least distance from a sample to an input at which a network of affine and piecewise-linear operators fulfils
/// linear constraints together: a bracket that closes.
///
/// Branch and bound on which candidate leads each maximum (a rectifier is the maximum of its operand and 0), with a
/// linear program at each node. Every bound of a node is computed from multipliers with the rounding of its own
/// arithmetic taken off, and covers each evaluation that the network's linear bounds cover; every example is replayed
/// in `Float` and in `Double`.
/// Source: Tjeng, Xiao, Tedrake, "Evaluating robustness of neural networks with mixed integer programming",
/// ICLR 2019 (the problem, and ranges that are narrowed by programs); Neumaier, Shcherbina, Mathematical Programming
/// 99 (2004) (safe bounds).
public struct MinimalDistortion: Sendable {
  /// What the lower end of the bracket holds for.
  public enum Arithmetic: String, Sendable, Hashable, CaseIterable {
    /// Exact arithmetic and every `Float` engine that computes the file's operators one by one, in any order of sums.
    case anyFloat
    /// Exact arithmetic alone.
    case exact
  }

  public let network: Network
  public let sample: [Float]
  public let norm: DistortionNorm
  public let arithmetic: Arithmetic
  /// The limits of the inputs, and the constraints as a property of one case.
  let property: SafetyProperty
  let region: PropertyRegion
  let propagation: LinearPropagation
  let search: ViolationSearch

  /// - Parameters:
  ///   - sample: The elements of one input, within its limits.
  ///   - low: The least value of each input, as `high`.
  ///   - constraints: What the outputs, and the inputs, must fulfil together.
  /// - Throws: `distortion.malformed` where counts do not fit or the sample is outside its limits;
  ///   `onnx.operator.not-bounded`, `network.bounds.too-large`.
  public init(
    _ network: Network, from sample: [Float], within low: [Float], _ high: [Float],
    to constraints: [SafetyProperty.LinearConstraint], norm: DistortionNorm,
    holdingFor arithmetic: Arithmetic = .anyFloat
  ) throws(Diagnostic) {
    let inputs = network.input.shape.reduce(1, *)
    let outputs = network.output.shape.reduce(1, *)
    guard sample.count == inputs, low.count == inputs, high.count == inputs else {
      throw Self.malformed("the network has \(inputs) inputs, the sample \(sample.count)")
    }
    for i in 0..<inputs
    where !(low[i] <= sample[i] && sample[i] <= high[i] && low[i].isFinite && high[i].isFinite) {
      throw Self.malformed("input \(i) is \(sample[i]), its limits are \(low[i]) and \(high[i])")
    }
    for constraint in constraints {
      guard constraint.constant.isFinite,
        constraint.inputs.allSatisfy({
          inputs > $0.index && $0.index >= 0 && $0.coefficient.isFinite
        }),
        constraint.outputs.allSatisfy({
          outputs > $0.index && $0.index >= 0 && $0.coefficient.isFinite
        })
      else { throw Self.malformed("a constraint names a variable that is not there") }
    }
    self.network = network
    self.sample = sample
    self.norm = norm
    self.arithmetic = arithmetic
    func bounds(_ values: [Float]) -> [SafetyProperty.Bound] {
      values.map { SafetyProperty.Bound(below: Double($0), above: Double($0)) }
    }
    property = SafetyProperty(
      inputCount: inputs, outputCount: outputs,
      cases: [
        SafetyProperty.Case(least: bounds(low), most: bounds(high), constraints: constraints)
      ])
    guard let region = try PropertyRegion.regions(of: property, at: Self.place).first else {
      throw Self.malformed("the limits are empty")
    }
    self.region = region
    propagation = try LinearPropagation(network, covering: arithmetic == .exact ? .exact : .float)
    search = ViolationSearch(network: network, test: ViolationTest(property: property))
  }

  /// The constraints of one class: no other output is greater.
  public static func classConstraints(
    _ target: Int, of outputs: Int
  ) -> [SafetyProperty.LinearConstraint] {
    (0..<outputs).filter { $0 != target }.map { other in
      let terms = [
        SafetyProperty.LinearConstraint.Term(index: other, coefficient: 1),
        SafetyProperty.LinearConstraint.Term(index: target, coefficient: -1),
      ]
      return SafetyProperty.LinearConstraint(
        inputs: [], outputs: terms.sorted { $0.index < $1.index }, constant: 0, location: place)
    }
  }

  private static let place = SourceLocation(document: "distortion")

  private static func malformed(_ message: String) -> Diagnostic {
    Diagnostic("distortion.malformed", message)
  }

  var start: [Double] { sample.map { Double($0) } }

  /// The distance of an input of `Float` values.
  func distance(of input: [Float]) -> Double { norm.distance(input.map { Double($0) }, start) }

  /// No input within the limits is farther.
  var farthest: Double {
    norm.distance(
      zip(start, zip(region.lower, region.upper)).map { x, limits in
        x - limits.0 > limits.1 - x ? limits.0 : limits.1
      }, start)
  }
}

public import EngineSupport
public import NeuralRuntime
public import PropertyFormat

/// Checks a network against a property: a search for a violation, then bounds over boxes that are split until
/// each is proved, a violation is found, or the effort is spent.
///
/// Source: Bunel et al., "Branch and bound for piecewise linear neural network verification", JMLR 21 (2020);
/// Wang et al., "Formal security analysis of neural networks using symbolic intervals", USENIX Security 2018
/// (input splitting by smear).
public struct PropertyVerifier: Sendable {
  public let network: Network
  public let property: SafetyProperty
  let regions: [PropertyRegion]
  let propagation: LinearPropagation
  let search: ViolationSearch

  /// Most inputs for which boxes are split along inputs; with more, activations are split.
  static let splitInputs = 12

  var splitsInputs: Bool { propagation.inputWidth <= Self.splitInputs }

  /// Errors: `vnnlib.interface` where the property's variables are not the network's, `vnnlib.unbounded`,
  /// `onnx.operator.not-bounded`.
  public init(
    _ network: Network, _ property: SafetyProperty, at location: SourceLocation
  ) throws(Diagnostic) {
    try self.init(network, property, by: nil, at: location)
  }

  /// - Parameter propagation: The network prepared for linear bounds, where that was done before.
  package init(
    _ network: Network, _ property: SafetyProperty, by propagation: LinearPropagation?,
    at location: SourceLocation
  ) throws(Diagnostic) {
    let inputs = network.input.shape.reduce(1, *)
    let outputs = network.output.shape.reduce(1, *)
    guard property.inputCount == inputs, property.outputCount == outputs else {
      throw Diagnostic(
        "vnnlib.interface",
        "the property declares \(property.inputCount) inputs and \(property.outputCount) outputs, "
          + "the network has \(inputs) and \(outputs)", at: location)
    }
    self.network = network
    self.property = property
    regions = try PropertyRegion.regions(of: property, at: location)
    if let propagation {
      self.propagation = propagation
    } else {
      self.propagation = try LinearPropagation(network)
    }
    search = ViolationSearch(network: network, test: ViolationTest(property: property))
  }

  /// Boxes that one task bounds together, and tasks of one round; they depend on the network alone, so that the
  /// result does not depend on who runs the tasks.
  var batching: (boxes: Int, tasks: Int) {
    guard propagation.isBatched else { return (1, 4) }
    let work = max(1, network.multiplyAddsPerSample) * propagation.anchorWidths.reduce(64, +)
    return (max(1, min(64, (1 << 29) / work)), 4)
  }
}

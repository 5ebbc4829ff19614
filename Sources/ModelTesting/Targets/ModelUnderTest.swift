import AdversarialTesting
public import EngineSupport
public import NeuralRuntime
public import ONNXFormat
import Provenance

/// A model as tests need it: planned or opened as trees, with the facts of its file.
public struct ModelUnderTest: Sendable {
  /// What computes its answers.
  public enum Kind: Sendable {
    case network(Network)
    case trees(TreeModel)
  }

  public let kind: Kind
  public let digest: ContentDigest
  /// The input under test and the shape of one sample.
  public let inputName: String
  public let inputShape: [Int]
  public let facts: Facts
  let target: any TargetModel
  /// What the file holds, for certificates that put layers in front of it.
  let source: ONNXModel
  let location: SourceLocation

  /// What the file itself says.
  public struct Facts: Sendable, Hashable {
    public var producer: String
    public var opset: Int
    public var irVersion: Int
    public var outputName: String
    /// Classes of a classifier, values of a regression.
    public var outputCount: Int
    public var parameters: Int
    public var multiplyAdds: Int
    /// Operators with how often each stands in the graph, by name.
    public var operators: [OperatorCount]
  }

  public struct OperatorCount: Sendable, Hashable {
    public var name: String
    public var count: Int

    public init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// - Throws: what planning says of the file, and `test.model.output`, `test.model.no-gradient`.
  public init(
    _ model: ONNXModel, from document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    location = SourceLocation(document: document.name)
    source = model
    digest = ContentDigest(of: document.bytes)
    var histogram: [String: Int] = [:]
    for node in model.graph.nodes { histogram[node.operation, default: 0] += 1 }
    var parameters = 0
    var multiplyAdds = 0
    let outputName: String
    if Self.isTrees(model), let input = model.graph.inputs.first,
      let output = model.graph.outputs.last
    {
      let trees = try TreeModel(opening: model)
      kind = .trees(trees)
      let target = TreeTarget(model: trees)
      self.target = target
      inputName = input.name
      inputShape = target.inputShape
      outputName = output.name
      parameters = trees.forest.nodes.count
    } else {
      let network = try Network(planning: model, reportingTo: &diagnostics)
      kind = .network(network)
      target = try NetworkTarget(network, at: location)
      inputName = network.input.name
      inputShape = network.input.shape
      outputName = network.output.name
      parameters = network.parameterCount
      multiplyAdds = network.multiplyAddsPerSample
    }
    facts = Facts(
      producer: model.producer, opset: model.opsets[""] ?? 0, irVersion: model.irVersion,
      outputName: outputName, outputCount: target.classCount, parameters: parameters,
      multiplyAdds: multiplyAdds,
      operators: histogram.sorted { $0.key < $1.key }
        .map { OperatorCount(name: $0.key, count: $0.value) })
  }

  private static func isTrees(_ model: ONNXModel) -> Bool {
    model.graph.nodes.contains {
      $0.domain == "ai.onnx.ml" && $0.operation.hasPrefix("TreeEnsemble")
    }
  }
}

public import EngineSupport

/// An ONNX file as typed, located values; nothing here runs a model.
public struct ONNXModel: Sendable {
  public var irVersion: Int
  public var producer: String
  public var producerVersion = ""
  /// A reverse-DNS name, and the version its owner gives the model.
  public var domain = ""
  public var modelVersion = 0
  public var documentation = ""
  /// In the file's order.
  public var metadata: [Metadata] = []
  /// Operator-set version by domain; `""` is the default domain `ai.onnx`.
  public var opsets: [String: Int]
  public var graph: ONNXGraph

  public struct Metadata: Sendable, Hashable {
    public var key: String
    public var value: String
  }

  package init(irVersion: Int, producer: String, opsets: [String: Int], graph: ONNXGraph) {
    self.irVersion = irVersion
    self.producer = producer
    self.opsets = opsets
    self.graph = graph
  }
}

/// Nodes in the file's order with the constants they use. Calls of the model's own functions are replaced
/// by the functions' nodes.
public struct ONNXGraph: Sendable {
  public var name: String
  public var nodes: [ONNXNode]
  /// Constants by value name, in the file's order.
  public var initializers: [ONNXTensor]
  /// Inputs that are not initializers.
  public var inputs: [ONNXValue]
  public var outputs: [ONNXValue]

  package init(
    name: String, nodes: [ONNXNode], initializers: [ONNXTensor], inputs: [ONNXValue],
    outputs: [ONNXValue]
  ) {
    self.name = name
    self.nodes = nodes
    self.initializers = initializers
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// One operator call. Empty input names stand for omitted optional inputs.
public struct ONNXNode: Sendable {
  public var name: String
  /// The operator, such as `Conv`.
  public var operation: String
  public var domain: String
  /// The operator set of a node that came out of a function with imports of its own; else the model's.
  public var opset: Int?
  public var inputs: [String]
  public var outputs: [String]
  public var attributes: [String: ONNXAttribute]
  /// `path` reads `node 3 "conv1" (Conv)`.
  public var location: SourceLocation

  package init(
    name: String, operation: String, domain: String, inputs: [String], outputs: [String],
    attributes: [String: ONNXAttribute], location: SourceLocation
  ) {
    self.name = name
    self.operation = operation
    self.domain = domain
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.location = location
  }

  /// The sub-graphs of If, Loop and Scan, by attribute name.
  public var subgraphs: [(name: String, graph: ONNXGraph)] {
    attributes.keys.sorted().compactMap { name in
      if case .graph(let graph) = attributes[name] { (name, graph) } else { nil }
    }
  }
}

extension ONNXGraph {
  /// Every node with those of sub-graphs, each before what it holds.
  public var allNodes: [ONNXNode] {
    nodes.flatMap { [$0] + $0.subgraphs.flatMap(\.graph.allNodes) }
  }

  /// Every constant with those of sub-graphs.
  public var allInitializers: [ONNXTensor] {
    initializers + nodes.flatMap { $0.subgraphs.flatMap(\.graph.allInitializers) }
  }
}

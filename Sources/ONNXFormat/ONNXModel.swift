public import EngineSupport
public import TensorCore

/// An ONNX file as typed, located values; nothing here runs a model.
public struct ONNXModel: Sendable {
  public var irVersion: Int
  public var producer: String
  /// Operator-set version by domain; `""` is the default domain `ai.onnx`.
  public var opsets: [String: Int]
  public var graph: ONNXGraph

  package init(irVersion: Int, producer: String, opsets: [String: Int], graph: ONNXGraph) {
    self.irVersion = irVersion
    self.producer = producer
    self.opsets = opsets
    self.graph = graph
  }
}

/// Nodes in the file's order with the constants they use.
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
}

public enum ONNXAttribute: Sendable {
  case float(Float)
  case int(Int)
  case string(String)
  case tensor(ONNXTensor)
  case floats([Float])
  case ints([Int])
  case strings([String])
  /// A kind this reader knows of but does not carry (graphs, sparse tensors), by its name.
  case unsupported(String)
}

/// A constant with its values.
public struct ONNXTensor: Sendable {
  public enum Values: Sendable {
    case float(Tensor<Float>)
    case double(Tensor<Double>)
    case int64(Tensor<Int64>)
    case int32(Tensor<Int32>)
    case bool(Tensor<Bool>)
    case uint8(Tensor<UInt8>)
    case int8(Tensor<Int8>)
  }

  public var name: String
  public var values: Values
  public var location: SourceLocation

  package init(name: String, values: Values, location: SourceLocation) {
    self.name = name
    self.values = values
    self.location = location
  }
}

/// A graph input or output with its declared type.
public struct ONNXValue: Sendable {
  public enum Dimension: Sendable, Hashable {
    case fixed(Int)
    /// A named or unnamed dimension that is known only when the model runs (often the batch).
    case dynamic(String?)
  }

  public var name: String
  /// ONNX `TensorProto.DataType`, such as 1 for float and 7 for int64.
  public var elementType: Int
  /// `nil` where the file does not say.
  public var shape: [Dimension]?

  package init(name: String, elementType: Int, shape: [Dimension]?) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
  }
}

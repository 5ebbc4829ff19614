public import EngineSupport
public import TensorCore

/// What nodes and graphs hold: attributes, constants, and declared inputs and outputs.
public enum ONNXAttribute: Sendable {
  case float(Float)
  case int(Int)
  case string(String)
  case tensor(ONNXTensor)
  case graph(ONNXGraph)
  case floats([Float])
  case ints([Int])
  case strings([String])
  /// A kind this reader knows of but does not carry (lists of graphs, types), by its name.
  case unsupported(String)
}

/// A constant with its values.
public struct ONNXTensor: Sendable {
  public var name: String
  public var values: any AnyTensor
  public var location: SourceLocation

  package init(name: String, values: any AnyTensor, location: SourceLocation) {
    self.name = name
    self.values = values
    self.location = location
  }

  public var shape: [Int] { values.shape }
}

/// A graph input or output with its declared type.
public struct ONNXValue: Sendable {
  public enum Dimension: Sendable, Hashable {
    case fixed(Int)
    /// A named or unnamed dimension that is known only when the model runs (often the batch).
    case dynamic(String?)
  }

  /// What the value is; ONNX's names of its type variants.
  public enum Kind: String, Sendable, Hashable {
    case tensor, sequence, map, optional
    case sparseTensor = "sparse tensor"
  }

  public var name: String
  public var kind = Kind.tensor
  /// ONNX `TensorProto.DataType`, such as 1 for float and 7 for int64; 0 for what is no tensor.
  public var elementType: Int
  /// `nil` where the file does not say.
  public var shape: [Dimension]?

  package init(name: String, elementType: Int, shape: [Dimension]?) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
  }

  /// nil for types that the engine does not compute with.
  public var type: ElementType? { ElementType(onnx: elementType) }
}

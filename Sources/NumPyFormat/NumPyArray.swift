public import EngineSupport
public import TensorCore

/// One array of numbers or text from a `.npy` file or a member of an `.npz` archive, in row-major order.
///
/// Law: the count of `values` equals the product of `shape`; `[]` is the shape of a scalar.
public struct NumPyArray: Sendable, Hashable {
  /// The elements by the type the file stores, whatever byte order and axis order it used.
  public enum Values: Sendable, Hashable {
    case bool([Bool])
    case int8([Int8])
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case uint8([UInt8])
    case uint16([UInt16])
    case uint32([UInt32])
    case uint64([UInt64])
    case half([Half])
    case float([Float])
    case double([Double])
    case text([String])
  }

  /// The name inside the archive without `.npy`; empty for a file of its own.
  public let name: String
  public let shape: [Int]
  public let values: Values
  /// `path` is the member's name with `.npy`.
  public let location: SourceLocation

  package init(name: String, shape: [Int], values: Values, location: SourceLocation) {
    self.name = name
    self.shape = shape
    self.values = values
    self.location = location
  }

  public var count: Int { shape.reduce(1, *) }
}

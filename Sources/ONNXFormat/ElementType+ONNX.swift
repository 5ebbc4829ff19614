public import TensorCore

/// ONNX's numbering of element types.
///
/// Source: ONNX IR specification, `TensorProto.DataType`.
extension ElementType {
  private static let numbers: [(Int, ElementType)] = [
    (1, .float), (2, .uint8), (3, .int8), (4, .uint16), (5, .int16), (6, .int32), (7, .int64),
    (8, .string), (9, .bool), (10, .float16), (11, .double), (12, .uint32), (13, .uint64),
    (16, .bfloat16), (17, .float8e4m3fn), (18, .float8e4m3fnuz), (19, .float8e5m2),
    (20, .float8e5m2fnuz), (21, .uint4), (22, .int4),
  ]

  /// nil for complex numbers, types of two bits and numbers that mean nothing.
  public init?(onnx number: Int) {
    guard let found = Self.numbers.first(where: { $0.0 == number }) else { return nil }
    self = found.1
  }

  /// ONNX's own name of any element type, for messages.
  public static func onnxName(_ number: Int) -> String {
    if let known = ElementType(onnx: number) { return known.rawValue }
    return switch number {
    case 0: "undefined"
    case 14: "complex64"
    case 15: "complex128"
    case 23: "float4e2m1"
    default: "element type \(number)"
    }
  }
}

/// The standard library's integers, truth values and text as elements of tensors.

/// Integers with wrapping arithmetic, as ONNX's integer operators have it.
public protocol IntegerElement: NumericElement, FixedWidthInteger {}

extension IntegerElement {
  public static var filler: Self { 0 }
  public static var isInteger: Bool { true }
  public init(integer: Int64) { self.init(truncatingIfNeeded: integer) }
  public init(real: Double) {
    let whole = real.rounded(.towardZero)
    self = Self(exactly: whole) ?? (real.isNaN ? 0 : real < 0 ? .min : .max)
  }
  public var real: Double { Double(self) }
  public var integer: Int64 { Int64(truncatingIfNeeded: self) }
}

extension Int8: IntegerElement { public static var elementType: ElementType { .int8 } }
extension Int16: IntegerElement { public static var elementType: ElementType { .int16 } }
extension Int32: IntegerElement { public static var elementType: ElementType { .int32 } }
extension Int64: IntegerElement { public static var elementType: ElementType { .int64 } }
extension UInt8: IntegerElement { public static var elementType: ElementType { .uint8 } }
extension UInt16: IntegerElement { public static var elementType: ElementType { .uint16 } }
extension UInt32: IntegerElement { public static var elementType: ElementType { .uint32 } }
extension UInt64: IntegerElement { public static var elementType: ElementType { .uint64 } }

extension Bool: NumericElement {
  public static var elementType: ElementType { .bool }
  public static var filler: Bool { false }
  public static var isInteger: Bool { true }
  public init(real: Double) { self = real != 0 }
  public init(integer: Int64) { self = integer != 0 }
  public var real: Double { self ? 1 : 0 }
  public var integer: Int64 { self ? 1 : 0 }
}

extension String: TensorElement {
  public static var elementType: ElementType { .string }
  public static var filler: String { "" }
}

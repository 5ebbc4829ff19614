/// Integers of four bits, which models store two to a byte; here each has a byte of its own.

/// −8 to 7.
public struct Int4: NumericElement {
  public static var elementType: ElementType { .int4 }
  public static var filler: Int4 { Int4(integer: 0) }
  public static var isInteger: Bool { true }
  public let value: Int8

  /// Keeps the low four bits.
  public init(integer: Int64) { value = Int8(truncatingIfNeeded: (integer << 60) >> 60) }
  public init(real: Double) { value = Int8(min(max(Int64(real: real), -8), 7)) }
  public var real: Double { Double(value) }
  public var integer: Int64 { Int64(value) }
}

/// 0 to 15.
public struct UInt4: NumericElement {
  public static var elementType: ElementType { .uint4 }
  public static var filler: UInt4 { UInt4(integer: 0) }
  public static var isInteger: Bool { true }
  public let value: UInt8

  /// Keeps the low four bits.
  public init(integer: Int64) { value = UInt8(truncatingIfNeeded: integer & 15) }
  public init(real: Double) { value = UInt8(min(max(Int64(real: real), 0), 15)) }
  public var real: Double { Double(value) }
  public var integer: Int64 { Int64(value) }
}

/// Floating-point numbers of 16 and 8 bits as their bit patterns: what models are stored and cast in.

/// A floating-point type with a software format.
public protocol ReducedFloat: RealElement {
  static var format: FloatFormat { get }
  var bits: UInt16 { get }
  init(bits: UInt16)
}

extension ReducedFloat {
  public static var filler: Self { Self(bits: 0) }
  public init(real: Double) { self.init(bits: Self.format.bits(of: real, saturates: false)) }
  /// Numbers beyond the range become the greatest finite one.
  public init(saturating real: Double) {
    self.init(bits: Self.format.bits(of: real, saturates: true))
  }
  public var real: Double { Self.format.value(of: bits) }
}

/// IEEE 754 binary16; not `Float16`, which the standard library lacks on x86-64 macOS.
public struct Half: ReducedFloat {
  public static var elementType: ElementType { .float16 }
  public static let format = FloatFormat(
    exponentBits: 5, fractionBits: 10, bias: 15, specials: .infinities)
  public let bits: UInt16
  public init(bits: UInt16) { self.bits = bits }
}

/// The upper half of a binary32.
public struct BrainFloat: ReducedFloat {
  public static var elementType: ElementType { .bfloat16 }
  public static let format = FloatFormat(
    exponentBits: 8, fractionBits: 7, bias: 127, specials: .infinities)
  public let bits: UInt16
  public init(bits: UInt16) { self.bits = bits }
}

public struct Float8E4M3FN: ReducedFloat {
  public static var elementType: ElementType { .float8e4m3fn }
  public static let format = FloatFormat(
    exponentBits: 4, fractionBits: 3, bias: 7, specials: .onlyNaN)
  public let bits: UInt16
  public init(bits: UInt16) { self.bits = bits }
}

public struct Float8E4M3FNUZ: ReducedFloat {
  public static var elementType: ElementType { .float8e4m3fnuz }
  public static let format = FloatFormat(
    exponentBits: 4, fractionBits: 3, bias: 8, specials: .unsignedZero)
  public let bits: UInt16
  public init(bits: UInt16) { self.bits = bits }
}

public struct Float8E5M2: ReducedFloat {
  public static var elementType: ElementType { .float8e5m2 }
  public static let format = FloatFormat(
    exponentBits: 5, fractionBits: 2, bias: 15, specials: .infinities)
  public let bits: UInt16
  public init(bits: UInt16) { self.bits = bits }
}

public struct Float8E5M2FNUZ: ReducedFloat {
  public static var elementType: ElementType { .float8e5m2fnuz }
  public static let format = FloatFormat(
    exponentBits: 5, fractionBits: 2, bias: 16, specials: .unsignedZero)
  public let bits: UInt16
  public init(bits: UInt16) { self.bits = bits }
}

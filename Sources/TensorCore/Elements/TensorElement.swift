/// What a tensor can hold. Operators that only move values around are written once against this protocol.
public protocol TensorElement: Hashable, Sendable {
  static var elementType: ElementType { get }
  /// What fills new room: 0, false or the empty string.
  static var filler: Self { get }
}

/// Numbers and truth values, with the conversions between their types.
///
/// Source: ONNX operator specification, Cast.
public protocol NumericElement: TensorElement {
  /// Real types round to nearest, ties to even; integer types drop the fraction and saturate; NaN is 0.
  init(real: Double)
  /// Real types round; integer types keep the low bits.
  init(integer: Int64)
  var real: Double { get }
  /// Without the fraction, saturated; NaN is 0.
  var integer: Int64 { get }
  /// Whether `integer` says all there is to say.
  static var isInteger: Bool { get }
}

/// Floating-point types; those narrower than `Float` are computed in `Float` and rounded once.
public protocol RealElement: NumericElement {}

extension RealElement {
  public init(integer: Int64) { self.init(real: Double(integer)) }
  public var integer: Int64 { Int64(saturating: real) }
  public static var isInteger: Bool { false }
}

extension Int64 {
  init(saturating value: Double) {
    if value.isNaN {
      self = 0
    } else if value >= 0x1p63 {
      self = .max
    } else {
      self = value <= -0x1p63 ? .min : Int64(value)
    }
  }
}

/// How a floating-point number of at most 16 bits is laid out, and its conversions by integer arithmetic.
///
/// Sources: IEEE 754-2019 section 3.4; Micikevicius et al., "FP8 formats for deep learning", 2022; ONNX
/// specification, "Float stored in 8 bits".
public struct FloatFormat: Sendable, Hashable {
  /// What the greatest exponent is used for.
  public enum Specials: Sendable, Hashable {
    /// Infinities and NaN, as in IEEE 754.
    case infinities
    /// No infinity; all bits set is NaN.
    case onlyNaN
    /// No infinity and no negative zero, whose pattern is NaN.
    case unsignedZero
  }

  public var exponentBits: Int
  public var fractionBits: Int
  public var bias: Int
  public var specials: Specials

  private var signBit: UInt16 { 1 << UInt16(exponentBits + fractionBits) }
  private var infinity: UInt16 { ((1 << UInt16(exponentBits)) - 1) << UInt16(fractionBits) }

  private var greatestFinite: UInt16 {
    switch specials {
    case .infinities: infinity - 1
    case .onlyNaN: signBit - 2
    case .unsignedZero: signBit - 1
    }
  }

  private var quietNaN: UInt16 {
    switch specials {
    case .infinities: infinity | 1 << UInt16(fractionBits - 1)
    case .onlyNaN: signBit - 1
    case .unsignedZero: signBit
    }
  }

  /// The number that `bits` stands for; every one is a `Double`.
  public func value(of bits: UInt16) -> Double {
    if specials == .unsignedZero, bits == signBit { return .nan }
    let sign = bits & signBit == 0 ? 1.0 : -1.0
    let magnitude = bits & (signBit - 1)
    if specials == .onlyNaN, magnitude == signBit - 1 { return .nan }
    if specials == .infinities, magnitude >= infinity {
      return magnitude == infinity ? sign * .infinity : .nan
    }
    let exponent = Int(magnitude >> UInt16(fractionBits))
    let fraction = Double(magnitude & ((1 << UInt16(fractionBits)) - 1))
    let whole = exponent == 0 ? fraction : fraction + power(fractionBits)
    return sign * whole * power(max(exponent, 1) - bias - fractionBits)
  }

  /// The nearest number, ties to even. Beyond the greatest finite number: that number if `saturates`, else
  /// infinity or, where there is none, NaN.
  public func bits(of value: Double, saturates: Bool) -> UInt16 {
    guard !value.isNaN else { return quietNaN }
    let sign = value.sign == .minus ? signBit : 0
    guard value != 0 else { return specials == .unsignedZero ? 0 : sign }
    var magnitude = greatestFinite + 1
    if value.isFinite {
      let least = 1 - bias
      let exponent = max(Int(value.exponent), least)
      if exponent <= 1 << exponentBits {
        let steps = (abs(value) * power(fractionBits - exponent)).rounded(.toNearestOrEven)
        let below = UInt16(exponent - least) << UInt16(fractionBits)
        // A carry into the exponent is what the sum gives; below the least normal there is nothing to add.
        magnitude = below + UInt16(steps)
      }
    }
    if magnitude > greatestFinite {
      if saturates {
        magnitude = greatestFinite
      } else {
        return specials == .infinities ? sign | infinity : quietNaN
      }
    }
    return magnitude == 0 && specials == .unsignedZero ? 0 : sign | magnitude
  }

  private func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}

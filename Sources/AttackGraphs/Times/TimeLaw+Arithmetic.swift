import TensorCore

/// Sums, products, quotients and powers of times that stay in closed form.
extension TimeLaw {
  static func sum(_ left: Remainder, _ right: Remainder) throws(UnsupportedTTC) -> Remainder {
    switch (left, right) {
    case (.neutral, let other), (let other, .neutral): return other
    case (.constant(let a), .constant(let b)): return try constant(a + b)
    case (.constant(let c), .scaled(let base, let scale, let exponent, let shift)),
      (.scaled(let base, let scale, let exponent, let shift), .constant(let c)):
      guard c.isFinite else { return try constant(c) }
      return .scaled(base, scale: scale, exponent: exponent, shift: shift + c)
    case (
      .scaled(.gamma(let k, let theta), let a, 1, let shift),
      .scaled(.gamma(let otherK, let otherTheta), let b, 1, let otherShift)
    ):
      let scales = (theta * a, otherTheta * b)
      if scales.0 == scales.1 {
        let base = Base.gamma(shape: k + otherK, scale: scales.0)
        return .scaled(base, scale: 1, exponent: 1, shift: shift + otherShift)
      }
      guard k == 1, otherK == 1 else {
        throw UnsupportedTTC(reason: "a sum of gammas of different scales")
      }
      let base = Base.twoExponentials(rate: 1 / scales.0, otherRate: 1 / scales.1)
      return .scaled(base, scale: 1, exponent: 1, shift: shift + otherShift)
    case (.scaled, .scaled):
      throw UnsupportedTTC(reason: "a sum of these two distributions")
    }
  }

  static func difference(_ left: Remainder, _ right: Remainder) throws(UnsupportedTTC) -> Remainder
  {
    switch right {
    case .neutral: return left
    case .constant(let c) where c.isFinite: return try sum(left, .constant(-c))
    default: throw UnsupportedTTC(reason: "a distribution, or infinity, that is subtracted")
    }
  }

  static func product(_ left: Remainder, _ right: Remainder) throws(UnsupportedTTC) -> Remainder {
    switch (left, right) {
    case (.neutral, let other), (let other, .neutral): return other
    case (.constant(let a), .constant(let b)): return try constant(a * b)
    case (.constant(let c), .scaled(let base, let scale, let exponent, let shift)),
      (.scaled(let base, let scale, let exponent, let shift), .constant(let c)):
      if c == 0 { return .constant(0) }
      guard c > 0, c.isFinite else {
        throw UnsupportedTTC(reason: "a product with a number that is negative or infinite")
      }
      return .scaled(base, scale: scale * c, exponent: exponent, shift: shift * c)
    case (
      .scaled(.logNormal(let mean, let deviation), let a, 1, 0),
      .scaled(.logNormal(let otherMean, let otherDeviation), let b, 1, 0)
    ):
      let both = (deviation * deviation + otherDeviation * otherDeviation).squareRoot()
      let base = Base.logNormal(mean: mean + otherMean, deviation: both)
      return .scaled(base, scale: a * b, exponent: 1, shift: 0)
    case (.scaled, .scaled):
      throw UnsupportedTTC(reason: "a product of these two distributions")
    }
  }

  static func quotient(_ left: Remainder, _ right: Remainder) throws(UnsupportedTTC) -> Remainder {
    switch right {
    case .neutral: return left
    case .constant(let c):
      if case .constant(let a) = left { return try constant(a / c) }
      guard c > 0, c.isFinite else {
        throw UnsupportedTTC(reason: "a quotient by a number that is not positive")
      }
      return try product(left, .constant(1 / c))
    case .scaled(.logNormal(let mean, let deviation), let scale, 1, 0):
      guard case .scaled(.logNormal, _, 1, 0) = left else { break }
      let inverse = Base.logNormal(mean: -mean, deviation: deviation)
      return try product(left, .scaled(inverse, scale: 1 / scale, exponent: 1, shift: 0))
    case .scaled: break
    }
    throw UnsupportedTTC(reason: "a quotient by a distribution")
  }

  static func power(_ left: Remainder, _ right: Remainder) throws(UnsupportedTTC) -> Remainder {
    guard case .constant(let c) = right else {
      if case .neutral = right { return left }
      throw UnsupportedTTC(reason: "a distribution as an exponent")
    }
    switch left {
    case .neutral: return .neutral
    case .constant(let a):
      guard a >= 0 else { throw UnsupportedTTC(reason: "a power of a negative number") }
      return try constant(power(a, c))
    case .scaled(let base, let scale, let exponent, let shift):
      guard c > 0, c.isFinite, shift == 0 else {
        throw UnsupportedTTC(reason: "this power of a distribution")
      }
      if case .uniform(let minimum, _) = base, minimum < 0 {
        throw UnsupportedTTC(reason: "a power of a distribution that can be negative")
      }
      return .scaled(base, scale: power(scale, c), exponent: exponent * c, shift: 0)
    }
  }

  /// aᵇ for a ≥ 0.
  static func power(_ a: Double, _ b: Double) -> Double {
    if b == 1 { return a }
    if b == 0 { return 1 }
    if a == 0 { return b > 0 ? 0 : .infinity }
    return PortableMath.exp(b * PortableMath.log(a))
  }

  static func constant(_ value: Double) throws(UnsupportedTTC) -> Remainder {
    guard !value.isNaN else { throw UnsupportedTTC(reason: "an undefined number") }
    return .constant(value)
  }
}

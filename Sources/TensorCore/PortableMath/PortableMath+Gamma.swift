/// The gamma function's family, from which the distribution functions of times to compromise are made.
extension PortableMath {
  /// 1 − e⁻ˣ for x ≥ 0, exact to a few ulp also where x is small.
  public static func oneMinusExp(ofMinus x: Double) -> Double {
    guard x < 0.35 else { return 1 - exp(-x) }
    var term = x
    var sum = x
    var n = 2.0
    while n < 30 {
      term *= -x / n
      sum += term
      n += 1
    }
    return sum
  }

  /// ln Γ(x) for x > 0, within about 10⁻¹⁴ relative. Stirling's series above 10, recurrence below
  /// (DLMF 5.11.1, 5.5.1).
  public static func logarithmOfGamma(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x > 0 ? x : .nan }
    var shifted = x
    var product = 1.0
    while shifted < 10 {
      product *= shifted
      shifted += 1
    }
    let inverse = 1 / shifted
    let square = inverse * inverse
    var series = 0.0
    for coefficient in [
      1.0 / 156, -691.0 / 360_360, 1.0 / 1_188, -1.0 / 1_680, 1.0 / 1_260, -1.0 / 360, 1.0 / 12,
    ] { series = series * square + coefficient }
    let halfLogTwoPi = 0.918938533204672741780329736406
    return (shifted - 0.5) * log(shifted) - shifted + halfLogTwoPi + series * inverse - log(product)
  }

  /// P(a, x) and Q(a, x) = 1 − P(a, x), the regularised incomplete gamma functions, a > 0, x ≥ 0:
  /// the power series below a + 1, the continued fraction above (DLMF 8.11.4, 8.9.2).
  public static func gammaRatios(shape a: Double, at x: Double) -> (lower: Double, upper: Double) {
    guard x > 0 else { return (0, 1) }
    guard x.isFinite else { return (1, 0) }
    let scale = exp(a * log(x) - x - logarithmOfGamma(a))
    let iterationLimit = 200_000
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      for _ in 0..<iterationLimit {
        guard term > sum * 0x1p-54 else { break }
        n += 1
        term *= x / n
        sum += term
      }
      let lower = min(1, sum * scale)
      return (lower, 1 - lower)
    }
    // Lentz's method; the denominators stay positive for x > a.
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    var n = 0.0
    for _ in 0..<iterationLimit {
      n += 1
      let numerator = -n * (n - a)
      b += 2
      d = numerator * d + b
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = b + numerator / c
      if abs(c) < tiny { c = tiny }
      let factor = d * c
      fraction *= factor
      if abs(factor - 1) < 0x1p-52 { break }
    }
    let upper = min(1, fraction * scale)
    return (1 - upper, upper)
  }

  /// Φ(z), the standard normal distribution function; small values keep their relative accuracy.
  public static func standardNormal(below z: Double) -> Double {
    guard z == z else { return z }
    let ratios = gammaRatios(shape: 0.5, at: z * z / 2)
    return z < 0 ? ratios.upper / 2 : 0.5 + ratios.lower / 2
  }
}

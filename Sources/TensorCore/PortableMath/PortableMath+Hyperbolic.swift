/// Hyperbolic functions, their inverses, and the exponential and logarithm near 0 and 1.
extension PortableMath {
  /// eˣ − 1, within 4 ulp: the Taylor series where the difference would cancel.
  public static func expm1(_ x: Double) -> Double {
    guard abs(x) < 0.4 else { return exp(x) - 1 }
    var sum = 0.0
    for n in stride(from: 16.0, through: 2, by: -1) { sum = (sum + 1) * x / n }
    return x + x * sum
  }

  /// ln(1 + x), within 4 ulp; −∞ at −1 and NaN below. Near 0 ln(1 + x) = 2 artanh(x / (2 + x)).
  public static func log1p(_ x: Double) -> Double {
    guard abs(x) < 0.3 else { return log(1 + x) }
    return 2 * artanhSeries(x / (2 + x))
  }

  /// artanh s for |s| < 0.2 by its Taylor series.
  private static func artanhSeries(_ s: Double) -> Double {
    let square = s * s
    var series = 0.0
    for n in stride(from: 27, through: 3, by: -2) { series = series * square + 1 / Double(n) }
    return s + s * square * series
  }

  /// Within 4 ulp.
  public static func sinh(_ x: Double) -> Double {
    let magnitude = abs(x)
    let half: Double
    if magnitude < 0.4 {
      let e = expm1(magnitude)
      half = (e + e / (e + 1)) / 2
    } else if magnitude < 700 {
      let e = exp(magnitude)
      half = (e - 1 / e) / 2
    } else {
      let root = exp(magnitude / 2)
      half = root / 2 * root
    }
    return x < 0 ? -half : half
  }

  /// Within 4 ulp.
  public static func cosh(_ x: Double) -> Double {
    let magnitude = abs(x)
    guard magnitude < 700 else {
      let root = exp(magnitude / 2)
      return root / 2 * root
    }
    let e = exp(magnitude)
    return (e + 1 / e) / 2
  }

  /// Within 6 ulp.
  public static func asinh(_ x: Double) -> Double {
    let magnitude = abs(x)
    let result: Double
    if magnitude > 0x1p30 {
      result = log(magnitude) + 0x1.62e42fefa39efp-1
    } else {
      let square = magnitude * magnitude
      result = log1p(magnitude + square / (1 + (1 + square).squareRoot()))
    }
    return x < 0 ? -result : result
  }

  /// Within 6 ulp; NaN below 1.
  public static func acosh(_ x: Double) -> Double {
    guard x >= 1 else { return .nan }
    guard x < 0x1p30 else { return log(x) + 0x1.62e42fefa39efp-1 }
    let t = x - 1
    return log1p(t + (2 * t + t * t).squareRoot())
  }

  /// Within 6 ulp; ±∞ at ±1 and NaN beyond.
  public static func atanh(_ x: Double) -> Double {
    let magnitude = abs(x)
    guard magnitude <= 1 else { return .nan }
    let result =
      magnitude < 0.13
      ? artanhSeries(magnitude) : log1p(2 * magnitude / (1 - magnitude)) / 2
    return x < 0 ? -result : result
  }

  /// ln(1 + eˣ), within 4 ulp, without overflow.
  public static func softplus(_ x: Double) -> Double {
    x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
  }
}

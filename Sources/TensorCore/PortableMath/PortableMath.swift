/// Elementary functions built from IEEE 754 additions, multiplications and divisions only, so that they
/// give the same bits on every processor; the platform's libm does not.
public enum PortableMath {
  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// eˣ, within 2 ulp. Cody–Waite reduction to |r| ≤ ln 2 / 2, then the Taylor series to r¹⁴.
  public static func exp(_ x: Double) -> Double {
    guard x == x else { return x }
    if x > 709.782712893384 { return .infinity }
    if x < -745.2 { return 0 }
    let k = (x * 1.4426950408889634).rounded(.toNearestOrEven)
    let r = (x - k * ln2High) - k * ln2Low
    var sum = 1.0 / 87_178_291_200.0
    var factorials = 6_227_020_800.0
    for n in stride(from: 13, through: 1, by: -1) {
      sum = sum * r + 1 / factorials
      factorials /= Double(n)
    }
    sum = sum * r + 1
    // Two steps, so that results below the smallest normal number are scaled without an early overflow.
    let half = Int(k) / 2
    return sum * power(of2: half) * power(of2: Int(k) - half)
  }

  /// The natural logarithm, within 2 ulp; −∞ at 0 and NaN below.
  /// Source of the series: ln m = 2 artanh((m − 1)/(m + 1)) for m in [√½, √2).
  public static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x.isFinite else { return x }
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m /= 2
      exponent += 1
    }
    let s = (m - 1) / (m + 1)
    let square = s * s
    var series = 0.0
    for n in stride(from: 25, through: 3, by: -2) { series = series * square + 1 / Double(n) }
    let tail = 2 * s * square * series + exponent * ln2Low
    return exponent * ln2High + (2 * s + tail)
  }

  private static func power(of2 exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}

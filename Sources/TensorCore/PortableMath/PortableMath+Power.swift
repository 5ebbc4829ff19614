/// Powers and the error function.
extension PortableMath {
  /// xʸ, within 16 ulp, with the special cases of IEEE 754-2019 section 9.2.1: the logarithm carries a
  /// second number, so that a large exponent does not multiply its rounding.
  public static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    if x.isNaN || y.isNaN { return .nan }
    if y == 1 { return x }
    if y == y.rounded(.towardZero), abs(y) <= 16 { return wholePower(x, Int(y)) }
    let isWhole = y == y.rounded(.towardZero)
    let isOdd = isWhole && abs(y) < 0x1p53 && (y / 2) != (y / 2).rounded(.towardZero)
    if x == 0 || x.isInfinite {
      let isLarge = x.isInfinite == (y > 0)
      let magnitude: Double = isLarge ? .infinity : 0
      return x.sign == .minus && isOdd ? -magnitude : magnitude
    }
    if y.isInfinite {
      if abs(x) == 1 { return 1 }
      return (abs(x) > 1) == (y > 0) ? .infinity : 0
    }
    if x < 0, !isWhole { return .nan }
    let (head, tail) = logarithm(abs(x))
    let product = head * y
    guard abs(product) < 800 else {
      let magnitude: Double = product > 0 ? .infinity : 0
      return x < 0 && isOdd ? -magnitude : magnitude
    }
    // The error of a product by a fused step, which is exact wherever it runs.
    let rest = (-product).addingProduct(head, y) + tail * y
    let power = exp(product)
    let result = power.isFinite && power != 0 ? power + power * rest : power
    return x < 0 && isOdd ? -result : result
  }

  /// By squaring: exact where every product is.
  private static func wholePower(_ x: Double, _ n: Int) -> Double {
    var (result, square, rest) = (1.0, x, abs(n))
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      rest >>= 1
      if rest > 0 { square *= square }
    }
    return n < 0 ? 1 / result : result
  }

  /// ln x as a sum of two numbers, to about 2⁻⁶² of its size; x > 0 and finite.
  private static func logarithm(_ x: Double) -> (head: Double, tail: Double) {
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m /= 2
      exponent += 1
    }
    // s = (m − 1)/(m + 1) with the rest of the division.
    let (numerator, denominator) = (m - 1, m + 1)
    let lost = m - (denominator - 1)
    let s = numerator / denominator
    let rest = (numerator.addingProduct(-s, denominator) - s * lost) / denominator
    let square = s * s
    var series = 0.0
    for n in stride(from: 27, through: 5, by: -2) { series = series * square + 1 / Double(n) }
    // s³/3 with its own rounding: it is up to a hundredth of the result.
    let squareRest = (-square).addingProduct(s, s)
    let cube = square * s
    let cubeRest = (-cube).addingProduct(square, s) + squareRest * s + 3 * square * rest
    let third = cube / 3
    let thirdRest = (cube.addingProduct(-third, 3) + cubeRest) / 3
    let high = exponent * 0x1.62e42fee00000p-1
    let (sum, sumRest) = added(high, 2 * s)
    let (total, totalRest) = added(sum, 2 * third)
    let tail =
      totalRest + (sumRest + (2 * rest + 2 * thirdRest + 2 * s * square * square * series))
      + exponent * 0x1.a39ef35793c76p-33
    let (head, low) = added(total, tail)
    return (head, low)
  }

  /// A sum and what it lost (Knuth's two-sum).
  private static func added(_ a: Double, _ b: Double) -> (Double, Double) {
    let sum = a + b
    let part = sum - a
    return (sum, (a - (sum - part)) + (b - part))
  }

  /// The error function, within 8 ulp.
  ///
  /// Up to 2 the series 2x/√π · e^(−x²) · Σ (2x²)ⁿ/(1·3·5…(2n+1)) (DLMF 7.6.2), whose terms are positive;
  /// beyond, 1 less the continued fraction of the complement (DLMF 7.9.1).
  public static func erf(_ x: Double) -> Double {
    guard !x.isNaN else { return x }
    let magnitude = abs(x)
    if magnitude > 6 { return x < 0 ? -1 : 1 }
    let square = magnitude * magnitude
    let decay = exp(-square)
    let result: Double
    if magnitude < 2 {
      var sum = 1.0
      var term = 1.0
      var odd = 1.0
      while term > sum * 0x1p-56 {
        odd += 2
        term *= 2 * square / odd
        sum += term
      }
      result = 0x1.20dd750429b6dp+0 * magnitude * decay * sum
    } else {
      var fraction = 0.0
      for n in stride(from: 120.0, through: 1, by: -1) { fraction = n / 2 / (magnitude + fraction) }
      result = 1 - decay / (1.7724538509055159 * (magnitude + fraction))
    }
    return x < 0 ? -result : result
  }
}

/// The binomial distribution's mass and tails from portable functions only: the same bits on every machine.
///
/// Mass by the saddle-point expansion, which loses no digits for large counts. Source: Loader, "Fast and
/// accurate computation of binomial probabilities", 2000. Tails by the continued fraction of the
/// regularised incomplete beta function, DLMF 8.17.22, summed by Lentz's method.
package enum BinomialDistribution {
  private static let lnSqrt2Pi = 0.9189385332046727

  /// P(X = k) of `trials` with success probability `p`, for 0 < p < 1 and 0 ≤ k ≤ trials.
  package static func mass(_ k: Int, of trials: Int, p: Double) -> Double {
    let n = Double(trials)
    if k == 0 { return PortableMath.exp(n * logOneMinus(p)) }
    if k == trials { return PortableMath.exp(n * PortableMath.log(p)) }
    let x = Double(k)
    let exponent =
      stirlingError(trials) - stirlingError(k) - stirlingError(trials - k)
      - deviance(x, n * p) - deviance(n - x, n * (1 - p))
    let spread = x * (n - x) / n
    return PortableMath.exp(exponent - lnSqrt2Pi) / spread.squareRoot()
  }

  /// P(X ≥ k), that is I_p(k, trials − k + 1), for 1 ≤ k ≤ trials and 0 < p < 1.
  package static func upperTail(_ k: Int, of trials: Int, p: Double) -> Double {
    let a = Double(k)
    let b = Double(trials - k + 1)
    // The fraction converges fast on this side of the mean; the other side follows by symmetry.
    if p <= (a + 1) / (a + b + 2) {
      return mass(k, of: trials, p: p) * (1 - p) * fraction(a, b, p)
    }
    return 1 - mass(k - 1, of: trials, p: p) * p * fraction(b, a, 1 - p)
  }

  /// The continued fraction that, times xᵃ(1−x)ᵇ / (a B(a, b)), gives I_x(a, b).
  ///
  /// For integers xᵃ(1−x)ᵇ⁻¹ / (a B(a, b)) is the binomial mass at a of a + b − 1 trials.
  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...20_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      let change = d * c
      result *= change
      if abs(change - 1) < 1e-16 { break }
    }
    return result
  }

  /// ln n! − ln(√(2πn) (n/e)ⁿ) for n ≥ 1.
  private static func stirlingError(_ count: Int) -> Double {
    let n = Double(count)
    if count <= 16 {
      var factorial = 1.0
      for factor in 1...count { factorial *= Double(factor) }
      return PortableMath.log(factorial) - (n + 0.5) * PortableMath.log(n) + n - lnSqrt2Pi
    }
    let square = n * n
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680) / square) / square) / square) / n
  }

  /// x ln(x / mean) + mean − x, without cancellation when x is near the mean.
  private static func deviance(_ x: Double, _ mean: Double) -> Double {
    let difference = x - mean
    if abs(difference) >= 0.1 * (x + mean) {
      return x * PortableMath.log(x / mean) + mean - x
    }
    let v = difference / (x + mean)
    var sum = difference * v
    var term = 2 * x * v
    for index in 1...1_000 {
      term *= v * v
      let next = sum + term / Double(2 * index + 1)
      if next == sum { break }
      sum = next
    }
    return sum
  }

  /// ln(1 − p), by its series where the difference would lose digits.
  private static func logOneMinus(_ p: Double) -> Double {
    guard p < 0.01 else { return PortableMath.log(1 - p) }
    var sum = 0.0
    for index in stride(from: 10, through: 1, by: -1) { sum = p * (1 / Double(index) + sum) }
    return -sum
  }
}

import TensorCore

/// How many samples a claim needs, decided before anything runs.
public enum SamplePlan {
  /// More samples than this are not planned.
  public static let limit = 100_000_000

  /// The fewest samples with which at most `failures` failures prove, with this confidence, that the failure
  /// rate is below `rate` (one-sided); nil over the limit.
  ///
  /// Source: the binomial tail: the probability of so few failures at the rate is at most 1 − confidence.
  public static func count(
    provingRateBelow rate: Double, confidence: Double, failures: Int = 0
  ) -> Int? {
    precondition(rate > 0 && rate < 1 && confidence > 0 && confidence < 1, "shares lie in (0, 1)")
    precondition(failures >= 0, "failures are counted")
    return fewest { count in
      guard count > failures else { return false }
      return 1 - BinomialDistribution.upperTail(failures + 1, of: count, p: rate) <= 1 - confidence
    }
  }

  /// The fewest samples whose 95 % interval (or another) around a share near `share` is at most `halfWidth`
  /// wide to either side, by the normal approximation; nil over the limit.
  public static func count(
    halfWidth: Double, confidence: Double = 0.95, share: Double = 0.5
  ) -> Int? {
    precondition(halfWidth > 0 && halfWidth < 1, "a half width lies in (0, 1)")
    precondition(confidence > 0 && confidence < 1 && share >= 0 && share <= 1, "shares lie in 0…1")
    let z = PortableMath.standardNormalQuantile(1 - (1 - confidence) / 2)
    let count = (z * z * share * (1 - share) / (halfWidth * halfWidth)).rounded(.up)
    return count <= Double(limit) ? max(Int(count), 1) : nil
  }

  private static func fewest(_ isEnough: (Int) -> Bool) -> Int? {
    var high = 1
    while !isEnough(high) {
      guard high < limit else { return nil }
      high *= 2
    }
    var low = high / 2
    while low + 1 < high {
      let middle = (low + high) / 2
      if isEnough(middle) { high = middle } else { low = middle }
    }
    return high
  }
}

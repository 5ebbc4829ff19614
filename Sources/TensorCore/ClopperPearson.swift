/// The exact two-sided confidence interval of a rate: how little a finite number of trials proves.
///
/// Source: Clopper and Pearson, Biometrika 26 (1934). Covers the true rate with at least the stated
/// confidence, whatever it is.
public struct ClopperPearson: Sendable, Hashable {
  public let lower: Double
  public let upper: Double

  /// `successes` of `trials`, with 0 ≤ successes ≤ trials, and 0 < confidence < 1.
  /// No trials prove nothing: the interval is [0, 1].
  public init(successes: Int, trials: Int, confidence: Double = 0.95) {
    precondition(successes >= 0 && successes <= trials, "successes must lie between 0 and trials")
    precondition(confidence > 0 && confidence < 1, "a confidence lies strictly between 0 and 1")
    let tail = (1 - confidence) / 2
    lower = Self.lowerEnd(successes, of: trials, tail: tail)
    upper = 1 - Self.lowerEnd(trials - successes, of: trials, tail: tail)
  }

  /// The rate at which so many successes or more have the probability `tail`.
  private static func lowerEnd(_ successes: Int, of trials: Int, tail: Double) -> Double {
    guard successes > 0 else { return 0 }
    var low = 0.0
    var high = 1.0
    // Halves until no number lies between: the same answer on every machine, about 60 to 80 steps.
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return low }
      if BinomialDistribution.upperTail(successes, of: trials, p: middle) < tail {
        low = middle
      } else {
        high = middle
      }
    }
  }
}

import TensorCore

/// A number with the bounds of its confidence interval.
public struct CompromiseEstimate: Sendable, Hashable {
  public var value: Double
  public var lower: Double
  public var upper: Double

  public init(value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }
}

/// Quantiles, and the chance to be reached in time.
extension CompromiseTimes {
  /// The time within which the goal falls with probability `level`, 0 < level < 1, in attacker days;
  /// `.infinity` where it falls more seldom than that. `nil` without samples.
  ///
  /// The value is the sample at the nearest rank, ⌈level · n⌉ (type 1 of Hyndman and Fan, 1996). The interval
  /// runs from one ordered sample to another and needs no assumption about the distribution: the number of
  /// samples below the true quantile is binomial (David and Nagaraja, Order Statistics, 7.1). It covers the
  /// true quantile with at least the stated confidence; an end is 0 or infinity where the samples do not
  /// bound it.
  public func quantile(_ level: Double, confidence: Double = 0.95) -> CompromiseEstimate? {
    precondition(level > 0 && level < 1, "a quantile's level lies strictly between 0 and 1")
    precondition(confidence > 0 && confidence < 1, "a confidence lies strictly between 0 and 1")
    let count = sampleCount
    guard count > 0 else { return nil }
    let rank = min(count, max(1, Int((level * Double(count)).rounded(.up))))
    // The first rank that so many samples are below the quantile with less than half the doubt.
    let tail = (1 - confidence) / 2
    let above = Self.firstRank(1...count) {
      BinomialDistribution.upperTail($0, of: count, p: level) <= tail
    }
    // P(at least r below) ≥ 1 − tail holds for ranks up to the lower end.
    let below = Self.firstRank(1...count) {
      BinomialDistribution.upperTail($0, of: count, p: level) < 1 - tail
    }
    return CompromiseEstimate(
      value: time(atRank: rank), lower: below > 1 ? time(atRank: below - 1) : 0,
      upper: above <= count ? time(atRank: above) : .infinity)
  }

  /// The first rank that `holds`, which does so from some rank on; one past the end where none does.
  private static func firstRank(_ ranks: ClosedRange<Int>, where holds: (Int) -> Bool) -> Int {
    var low = ranks.lowerBound
    var high = ranks.upperBound + 1
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// P(reached within `horizon` days), with the exact interval of Clopper and Pearson; an infinite horizon
  /// asks whether the goal falls at all. `nil` without samples.
  public func probability(within horizon: Double, confidence: Double = 0.95) -> CompromiseEstimate?
  {
    guard sampleCount > 0 else { return nil }
    let reached = countReached(within: horizon)
    let interval = ClopperPearson(successes: reached, trials: sampleCount, confidence: confidence)
    return CompromiseEstimate(
      value: Double(reached) / Double(sampleCount), lower: interval.lower, upper: interval.upper)
  }

  /// In how many samples the goal falls within `horizon` days.
  public func countReached(within horizon: Double) -> Int {
    var low = 0
    var high = days.count
    while low < high {
      let middle = low + (high - low) / 2
      if days[middle] <= horizon { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Points of the curve of P(not yet reached) over time for a plot, at most `limit` ≥ 2 of them, from
  /// (0, 1 or less) to the last sample. The curve is a step function: each value holds from its time on.
  public func survivalCurve(limit: Int = 256) -> [(days: Double, probability: Double)] {
    precondition(limit >= 2, "a curve has two ends")
    guard sampleCount > 0 else { return [] }
    var points: [(days: Double, probability: Double)] = []
    func add(_ time: Double) {
      guard points.last?.days != time else { return }
      let reached = countReached(within: time)
      points.append((time, 1 - Double(reached) / Double(sampleCount)))
    }
    add(0)
    let steps = min(limit - 1, days.count)
    for step in 0..<steps {
      // Evenly spread ranks; the last one is the last sample.
      let rank = Int(Double(step + 1) * Double(days.count) / Double(steps))
      add(time(atRank: max(1, min(days.count, rank))))
    }
    return points
  }
}

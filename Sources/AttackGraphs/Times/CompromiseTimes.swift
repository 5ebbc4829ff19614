/// When one goal falls: the outcome of a simulation, with what its finite number of samples leaves open.
public struct CompromiseTimes: Sendable, Hashable {
  /// The attacker days of the samples in which the goal falls, ascending.
  public let days: [Double]
  /// In how many samples it never does.
  public let neverCount: Int

  /// One time a sample, in any order; `.infinity` for never. No time is NaN.
  public init(_ times: [Double]) {
    days = times.filter { $0 < .infinity }.sorted()
    neverCount = times.count - days.count
  }

  public var sampleCount: Int { days.count + neverCount }

  /// The mean of all samples: `nil` without samples, infinite where the goal is not reached in one.
  public var mean: Double? {
    guard neverCount == 0 else { return .infinity }
    return meanWhenReached
  }

  /// The mean of the samples in which the goal falls, on condition that it does; `nil` where it never does.
  public var meanWhenReached: Double? {
    days.isEmpty ? nil : days.reduce(0, +) / Double(days.count)
  }

  /// The standard error of `meanWhenReached`; `nil` for fewer than two such samples.
  public var standardError: Double? {
    guard days.count > 1, let mean = meanWhenReached else { return nil }
    let squares = days.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(days.count - 1) / Double(days.count)).squareRoot()
  }

  /// The time at place `rank` (from 1) of all samples in ascending order, those that never end last.
  func time(atRank rank: Int) -> Double { rank <= days.count ? days[rank - 1] : .infinity }
}

import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

@Suite("Summaries of simulated times")
struct CompromiseTimesTests {
  @Test func nearestRanks() throws {
    let times = CompromiseTimes([5, 1, .infinity, 3, 2, 4, .infinity, 6, 8, 7])
    #expect(times.days == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(times.neverCount == 2)
    #expect(times.quantile(0.1)?.value == 1)
    #expect(times.quantile(0.11)?.value == 2)
    #expect(times.quantile(0.5)?.value == 5)
    #expect(times.quantile(0.8)?.value == 8)
    #expect(times.quantile(0.81)?.value == .infinity)
    #expect(times.mean == .infinity)
    #expect(times.meanWhenReached == 4.5)
    #expect(times.probability(within: 3)?.value == 0.3)
    #expect(times.probability(within: .infinity)?.value == 0.8)
    #expect(times.probability(within: 0.5)?.value == 0)
  }

  @Test func nothingAndNever() {
    let nothing = CompromiseTimes([])
    #expect(nothing.mean == nil && nothing.quantile(0.5) == nil)
    #expect(nothing.probability(within: 1) == nil && nothing.survivalCurve().isEmpty)
    let never = CompromiseTimes([.infinity, .infinity])
    #expect(never.mean == .infinity && never.meanWhenReached == nil)
    #expect(never.standardError == nil)
    #expect(never.quantile(0.5)?.value == .infinity)
    #expect(never.survivalCurve().map(\.probability) == [1])
    #expect(CompromiseTimes([2]).standardError == nil)
  }

  /// Ranks of the interval of a median by hand: of ten samples the 2nd and the 9th, P = 1 − 22/1024.
  @Test func orderStatisticsOfAMedian() throws {
    let ten = CompromiseTimes((1...10).map { Double($0) })
    let median = try #require(ten.quantile(0.5, confidence: 0.95))
    #expect(median == CompromiseEstimate(value: 5, lower: 2, upper: 9))
    // Five samples bound nothing at 95 %: P(all on one side) is 1/32 > 0.025.
    let five = try #require(CompromiseTimes([1, 2, 3, 4, 5]).quantile(0.5))
    #expect(five.lower == 0 && five.upper == .infinity)
    let six = try #require(CompromiseTimes([1, 2, 3, 4, 5, 6]).quantile(0.5))
    #expect(six.lower == 1 && six.upper == 6)
  }

  /// Over many repetitions the interval covers the true quantile at least as often as it says.
  @Test(arguments: [0.05, 0.5, 0.9])
  func intervalsCover(level: Double) throws {
    let sampler = try TimeSampler(.distribution("HardAndUncertain", []))
    // P(T ≤ t) = (1 − e^(−t/10)) / 2.
    let expression = TTCExpression.distribution("HardAndUncertain", [])
    var covered = 0
    let repetitions = 1_000
    for repetition in 0..<repetitions {
      let root = SeededRandom(seed: 5).row(repetition)
      let times = CompromiseTimes(
        (0..<150).map { index in
          var random = root.cell(index)
          return sampler.draw(from: &random)
        })
      let interval = try #require(times.quantile(level, confidence: 0.9))
      // The true quantile q lies within when P(T ≤ q) = level does, for the function only grows.
      let low = try expression.probability(within: interval.lower)
      let high = try interval.upper < .infinity ? expression.probability(within: interval.upper) : 1
      if low <= level, level <= high { covered += 1 }
      #expect(interval.lower <= interval.value && interval.value <= interval.upper)
    }
    // 0.9 less four standard errors of a thousand repetitions; and not trivially wide.
    #expect(
      Double(covered) / Double(repetitions) > 0.9 - 4 * (0.09 / Double(repetitions)).squareRoot())
    if level < 0.5 { #expect(covered < repetitions) }
  }

  @Test func survivalFallsToWhatNeverEnds() throws {
    var random = SeededRandom(seed: 3)
    let times = CompromiseTimes(
      (0..<5_000).map { _ in
        random.uniform() < 0.2 ? .infinity : (random.uniform() * 50).rounded(.down)
      })
    for limit in [2, 3, 17, 256, 10_000] {
      let curve = times.survivalCurve(limit: limit)
      #expect(curve.count <= limit)
      let first = try #require(curve.first)
      let last = try #require(curve.last)
      #expect(first.days == 0)
      #expect(first.probability == 1 - Double(times.countReached(within: 0)) / 5_000)
      #expect(last.days == times.days.last)
      #expect(abs(last.probability - Double(times.neverCount) / 5_000) < 1e-15)
      for (point, next) in zip(curve, curve.dropFirst()) {
        #expect(point.days < next.days && point.probability > next.probability)
      }
    }
  }

  @Test func boundsOfAChanceAreThoseOfClopperAndPearson() throws {
    let times = CompromiseTimes(
      [Double](repeating: 1, count: 5) + [Double](repeating: 3, count: 95))
    let estimate = try #require(times.probability(within: 2))
    #expect(estimate.value == 0.05)
    #expect(abs(estimate.lower - 0.0164) < 5e-5 && abs(estimate.upper - 0.1128) < 5e-5)
  }
}

import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

@Suite("Means of times to compromise")
struct ExpectedTimeTests {
  /// Expected values by hand and by SciPy 1.17.1.
  static let cases: [(TTCExpression, gate: Double, days: Double)] = [
    (.distribution("Exponential", [0.1]), 1, 10), (.distribution("HardAndCertain", []), 1, 10),
    (.distribution("HardAndUncertain", []), 0.5, 10),
    (.distribution("EasyAndUncertain", []), 0.5, 0), (.distribution("Bernoulli", [0.3]), 0.3, 0),
    (.distribution("Gamma", [2.5, 3]), 1, 7.5),
    (.distribution("LogNormal", [1, 0.5]), 1, 3.0802168489180315),
    (.distribution("Pareto", [2, 1.5]), 1, 6),
    (.distribution("TruncatedNormal", [5, 2]), 1, 5.0352756509738335),
    (.distribution("TruncatedNormal", [-3, 1]), 1, 0.28309865493043674),
    (.distribution("TruncatedNormal", [-6, 1]), 1, 0.15848260454459892),
    (.distribution("Uniform", [2, 4]), 1, 3), (.distribution("Binomial", [10, 0.3]), 1, 3),
    (.sum(.distribution("Exponential", [0.1]), .number(5)), 1, 15),
    (.difference(.distribution("Exponential", [0.1]), .distribution("Uniform", [0, 4])), 1, 8),
    (.product(.distribution("Gamma", [2, 3]), .distribution("Pareto", [1, 3])), 1, 9),
    (.product(.distribution("HardAndUncertain", []), .distribution("Bernoulli", [0.5])), 0.25, 10),
    (.quotient(.number(6), .distribution("Gamma", [4, 1])), 1, 2),
    (.quotient(.distribution("Exponential", [1]), .distribution("Pareto", [2, 3])), 1, 0.375),
    (.quotient(.number(1), .distribution("LogNormal", [1, 0.5])), 1, 0.41686201967850844),
    (.quotient(.number(1), .distribution("Uniform", [1, 2])), 1, 0.6931471805599453),
    (.power(.distribution("Exponential", [1]), .number(3)), 1, 6),
    (.power(.distribution("Uniform", [0, 3]), .number(2)), 1, 3),
    (
      .power(
        .product(.number(2), .power(.distribution("Gamma", [2, 1]), .number(2))), .number(0.5)), 1,
      2.8284271247461903
    ),
  ]

  @Test(arguments: cases.indices)
  func closedForms(index: Int) throws {
    let (expression, gate, days) = Self.cases[index]
    let mean = try expression.mean()
    #expect(mean.gate == gate, "\(expression)")
    #expect(abs(mean.days - days) <= 1e-12 * max(1, days), "\(expression): \(mean.days)")
  }

  /// Of everything that has a mean and a variance, a sample mean within four standard errors.
  @Test(arguments: cases.indices)
  func drawsHaveThatMean(index: Int) throws {
    let expression = Self.cases[index].0
    let mean = try expression.mean()
    let sampler = try TimeSampler(expression)
    let draws = (0..<60_000).map { sample in
      var random = SeededRandom(seed: 9).row(sample).cell(index)
      return sampler.draw(from: &random)
    }
    let times = CompromiseTimes(draws)
    let reached = try #require(times.probability(within: .infinity, confidence: 0.9999))
    #expect(reached.lower <= mean.gate && mean.gate <= reached.upper)
    // Pareto(2, 1.5) has no variance.
    guard expression != .distribution("Pareto", [2, 1.5]) else { return }
    let own = try #require(times.meanWhenReached)
    let error = try #require(times.standardError)
    #expect(abs(own - mean.days) <= 4 * error, "\(expression): \(own) for \(mean.days) ± \(error)")
  }

  @Test(arguments: [
    TTCExpression.distribution("Infinity", []), .distribution("Pareto", [2, 1]),
    .sum(.number(1), .distribution("Pareto", [2, 0.5])),
    .quotient(.number(1), .distribution("Exponential", [1])),
    .power(.distribution("Pareto", [1, 3]), .number(3)),
    .quotient(.number(1), .distribution("Uniform", [0, 1])),
  ])
  func infiniteMeansAreStated(expression: TTCExpression) throws {
    #expect(try expression.mean().days == .infinity)
  }

  @Test(arguments: [
    TTCExpression.power(.number(2), .distribution("Exponential", [1])),
    .power(.distribution("Uniform", [-1, 1]), .number(2)),
    .power(.sum(.distribution("Exponential", [1]), .number(1)), .number(2)),
    .quotient(.number(1), .sum(.distribution("Exponential", [1]), .number(1))),
    .quotient(.number(1), .distribution("Uniform", [-1, 1])),
    .power(.distribution("Binomial", [3, 0.5]), .number(2)),
    .difference(.distribution("Pareto", [1, 1]), .distribution("Pareto", [1, 1])),
    .distribution("Enabled", []), .distribution("Unheard", []), .number(.nan),
  ])
  func whatHasNoClosedFormIsRefused(expression: TTCExpression) {
    #expect(throws: UnsupportedTTC.self) { try expression.mean() }
  }
}

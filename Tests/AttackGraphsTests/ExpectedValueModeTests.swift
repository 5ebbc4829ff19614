import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

@Suite("Expected-value mode")
struct ExpectedValueModeTests {
  static let best = ExpectedValueMode(bernoullis: .favourAttacker, arithmetic: .means)

  /// The way in, a hard step past a likely defence, an uncertain one, both together, one without a time.
  static func simulation(_ mode: ExpectedValueMode) throws -> CompromiseSimulation {
    let times: [TTCExpression] = [
      .distribution("HardAndUncertain", []), .distribution("EasyAndUncertain", []),
      .sum(.distribution("Exponential", [0.5]), .distribution("Bernoulli", [0.5])),
    ]
    let kinds: [AndOrGraph.Kind] = [.or, .given, .and, .or, .and, .or, .given, .and]
    let parents: [[Int32]] = [[], [], [0, 1], [0], [2, 3], [4], [], [0, 6]]
    let graph = AndOrGraph(
      kinds: kinds, costs: kinds.map { _ in 0 },
      entryFronts: kinds.indices.map { $0 == 0 ? .network : [] }
    ) { parents[$0] }
    return try CompromiseSimulation(
      expecting: times, mode: mode, on: graph, time: [-1, -1, 0, 1, 2, -1, -1, -1],
      presence: [0, 0.9, 0, 0, 0, 0, 1, 0], from: .network)
  }

  @Test func meansWhereTheAttackerIsFavoured() throws {
    let times = try Self.simulation(Self.best).run(samples: 0..<1, seed: 1)
    #expect(times.days == [0, 0, 10, 0, 12, 12, .infinity, .infinity])
    #expect(try Self.simulation(Self.best).run(samples: 5..<6, seed: 9) == times)
  }

  @Test func numbersAsMALSimulatorHasThem() throws {
    let mode = ExpectedValueMode(bernoullis: .favourAttacker, arithmetic: .malSimulator)
    let times = try Self.simulation(mode).run(samples: 0..<1, seed: 1)
    // 10 · 1, 1 for a bare Bernoulli, 2 + 1 for the sum, 1 for no time at all.
    #expect(times.days == [0, 0, 10, 1, 13, 14, .infinity, .infinity])
  }

  @Test(arguments: [1, 2] as [UInt64])
  func drawnGatesAndDefencesKeepTheirChances(seed: UInt64) throws {
    let mode = ExpectedValueMode(bernoullis: .drawn, arithmetic: .means)
    let count = 40_000
    let samples = try Self.simulation(mode).run(samples: 0..<count, seed: seed)
    let goal = samples.times(ofSlot: 5)
    // Either never or at 12: past the defence (0.1) and through three gates of one half.
    #expect(Set(goal.days) == [12])
    let expected = 0.1 / 8
    let error = (expected * (1 - expected) / Double(count)).squareRoot()
    #expect(abs(Double(goal.days.count) / Double(count) - expected) < 4 * error, "seed \(seed)")
  }

  @Test func aGateThatNeverOpensStaysShut() throws {
    let shut = try TimeSampler(
      expecting: .product(.distribution("Bernoulli", [0]), .distribution("Exponential", [1])),
      mode: Self.best)
    #expect(shut.isNever)
  }

  @Test func whatHasNoMeanIsRefused() {
    let expression = TTCExpression.power(.number(2), .distribution("Exponential", [1]))
    #expect(throws: UnsupportedTTC.self) { try TimeSampler(expecting: expression, mode: Self.best) }
  }
}

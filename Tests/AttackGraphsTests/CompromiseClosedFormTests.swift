import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

@Suite("Simulated times to compromise against closed forms")
struct CompromiseClosedFormTests {
  static let seeds: [UInt64] = [1, 2, 3, 2_026]
  static let count = 20_000

  static func exponential(_ rate: Double) -> TTCExpression { .distribution("Exponential", [rate]) }

  /// Node 0 is the way in; the last node is the goal.
  static func times(_ steps: [CompromiseFixture.Step], seed: UInt64) throws -> CompromiseTimes {
    let entry = CompromiseFixture.Step(kind: .or, fronts: .network)
    let fixture = try CompromiseFixture([entry] + steps)
    return fixture.simulation(goals: [steps.count]).run(samples: 0..<count, seed: seed)
      .times(ofSlot: 0)
  }

  /// Within four standard errors of the distribution's own.
  static func expect(
    _ times: CompromiseTimes, mean: Double, variance: Double, _ comment: Comment,
    at location: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let own = try #require(times.meanWhenReached)
    let error = (variance / Double(times.days.count)).squareRoot()
    #expect(abs(own - mean) < 4 * error, comment, sourceLocation: location)
  }

  static func expect(
    _ times: CompromiseTimes, within horizon: Double, probability: Double, _ comment: Comment,
    at location: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let own = try #require(times.probability(within: horizon)).value
    let error = (probability * (1 - probability) / Double(times.sampleCount)).squareRoot()
    #expect(abs(own - probability) < 4 * error, comment, sourceLocation: location)
  }

  @Test(arguments: seeds)
  func chainsAddUp(seed: UInt64) throws {
    let rates = [0.1, 0.5, 2.0, 1.0]
    let steps = rates.enumerated().map { index, rate in
      CompromiseFixture.Step(
        kind: index % 2 == 0 ? .or : .and, time: Self.exponential(rate), parents: [Int32(index)])
    }
    let times = try Self.times(steps, seed: seed)
    #expect(times.neverCount == 0)
    try Self.expect(
      times, mean: rates.reduce(0) { $0 + 1 / $1 }, variance: rates.reduce(0) { $0 + 1 / $1 / $1 },
      "seed \(seed)")
  }

  @Test(arguments: seeds)
  func chainsOfGammasAreGamma(seed: UInt64) throws {
    let steps = [0.5, 2.5, 4.0].enumerated().map { index, shape in
      CompromiseFixture.Step(
        kind: .or, time: .distribution("Gamma", [shape, 3]), parents: [Int32(index)])
    }
    let times = try Self.times(steps, seed: seed)
    try Self.expect(times, mean: 21, variance: 63, "seed \(seed)")
    let whole = TTCExpression.distribution("Gamma", [7, 3])
    for horizon in [10, 20, 40.0] {
      try Self.expect(
        times, within: horizon, probability: whole.probability(within: horizon), "seed \(seed)")
    }
  }

  @Test(arguments: seeds)
  func orTakesTheEarliest(seed: UInt64) throws {
    let rates = [0.1, 0.3, 0.7]
    var steps = rates.map {
      CompromiseFixture.Step(kind: .or, time: Self.exponential($0), parents: [0])
    }
    steps.append(.init(kind: .or, parents: [1, 2, 3]))
    let times = try Self.times(steps, seed: seed)
    let rate = rates.reduce(0, +)
    try Self.expect(times, mean: 1 / rate, variance: 1 / rate / rate, "seed \(seed)")
    try Self.expect(
      times, within: 1, probability: Self.exponential(rate).probability(within: 1), "seed \(seed)")
  }

  @Test(arguments: seeds)
  func andTakesTheLatest(seed: UInt64) throws {
    let (a, b) = (0.2, 0.5)
    let times = try Self.times(
      [
        .init(kind: .or, time: Self.exponential(a), parents: [0]),
        .init(kind: .or, time: Self.exponential(b), parents: [0]),
        .init(kind: .and, parents: [1, 2]),
      ], seed: seed)
    let mean = 1 / a + 1 / b - 1 / (a + b)
    let square = 2 / a / a + 2 / b / b - 2 / (a + b) / (a + b)
    try Self.expect(times, mean: mean, variance: square - mean * mean, "seed \(seed)")
    let both =
      try Self.exponential(a).probability(within: 4)
      * Self.exponential(b).probability(within: 4)
    try Self.expect(times, within: 4, probability: both, "seed \(seed)")
  }

  @Test(arguments: seeds)
  func gatesAndDefencesMultiply(seed: UInt64) throws {
    // Through a gate of 0.6 and past a defence that is there with 0.3, or through a gate of 0.2.
    let times = try Self.times(
      [
        .init(kind: .given, presence: 0.3),
        .init(kind: .and, time: .distribution("Bernoulli", [0.6]), parents: [0, 1]),
        .init(kind: .or, time: .distribution("Bernoulli", [0.2]), parents: [0]),
        .init(kind: .or, parents: [2, 3]),
      ], seed: seed)
    let probability = 1 - (1 - 0.7 * 0.6) * 0.8
    try Self.expect(times, within: 0, probability: probability, "seed \(seed)")
    try Self.expect(times, within: .infinity, probability: probability, "seed \(seed)")
    #expect(times.mean == .infinity)
    let interval = try #require(times.probability(within: 0, confidence: 0.9999))
    #expect(interval.lower < probability && probability < interval.upper)
  }

  @Test(arguments: seeds)
  func aMixOfAll(seed: UInt64) throws {
    // A gated exponential (0.5, rate 1) or a defence-guarded gamma, then an AND of it with an exponential.
    let gated = TTCExpression.product(.distribution("Bernoulli", [0.5]), Self.exponential(1))
    let gamma = TTCExpression.distribution("Gamma", [2, 1.5])
    let times = try Self.times(
      [
        .init(kind: .or, time: gated, parents: [0]),
        .init(kind: .given, presence: 0.25),
        .init(kind: .and, time: gamma, parents: [0, 2]),
        .init(kind: .or, parents: [1, 3]),
        .init(kind: .or, time: Self.exponential(0.4), parents: [0]),
        .init(kind: .and, parents: [4, 5]),
      ], seed: seed)
    for horizon in [0.5, 2, 6.0] {
      let either =
        try 1
        - (1 - gated.probability(within: horizon))
        * (1 - 0.75 * gamma.probability(within: horizon))
      let expected = try either * Self.exponential(0.4).probability(within: horizon)
      try Self.expect(times, within: horizon, probability: expected, "seed \(seed)")
    }
    try Self.expect(times, within: .infinity, probability: 1 - 0.5 * 0.25, "seed \(seed)")
  }

  /// Two branches that share a step are not independent: the search must not treat them so.
  @Test(arguments: seeds)
  func sharedStepsAreDrawnOnce(seed: UInt64) throws {
    let times = try Self.times(
      [
        .init(kind: .or, time: .distribution("Bernoulli", [0.5]), parents: [0]),
        .init(kind: .or, time: Self.exponential(1), parents: [1]),
        .init(kind: .or, time: Self.exponential(1), parents: [1]),
        .init(kind: .and, parents: [2, 3]),
      ], seed: seed)
    try Self.expect(times, within: .infinity, probability: 0.5, "seed \(seed)")
    try Self.expect(times, mean: 1.5, variance: 1.25, "seed \(seed)")
  }
}

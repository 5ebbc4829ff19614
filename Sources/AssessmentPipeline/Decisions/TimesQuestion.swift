public import AttackGraphs
import ModelTesting

/// When goals are reached: the attack is played many times, on all goals at once.
public struct TimesQuestion: Sendable {
  /// How the time of a step is found in one game.
  public enum Mode: String, Sendable, CaseIterable {
    /// Drawn from its distribution.
    case sampled
    /// Its mean, in one game in which every gate that can open does and no uncertain defence is there.
    case means
    /// The same with expected values as mal-simulator 3.3 computes them.
    case malSimulator = "mal-simulator"
  }

  public var graph: AttackGraph
  public var entries: [AttackGraph.StepID: Fronts]
  public var goals: [(id: String, step: AttackGraph.StepID)]
  public var fronts = Fronts.both
  public var mode = Mode.sampled
  /// Games played; one for the modes of means.
  public var samples = 10_000
  public var seed: UInt64
  /// Attacker days.
  public var horizon: Double
  /// Threads; the answer is the same with any number.
  public var jobs: Int

  public init(
    graph: AttackGraph, entries: [AttackGraph.StepID: Fronts],
    goals: [(id: String, step: AttackGraph.StepID)], seed: UInt64, horizon: Double, jobs: Int
  ) {
    self.graph = graph
    self.entries = entries
    self.goals = goals
    self.seed = seed
    self.horizon = horizon
    self.jobs = jobs
  }

  /// In the order of the goals. Throws `CancellationError` only.
  public func answer() throws -> [GoalTimes] {
    var slots: [AttackGraph.StepID] = []
    for goal in goals where !slots.contains(goal.step) { slots.append(goal.step) }
    guard !slots.isEmpty else { return [] }
    let simulation = graph.compromiseSimulation(
      of: slots, from: entries, at: fronts, expecting: expectation)
    let count = mode == .sampled ? max(1, samples) : 1
    let chunk = 250
    let parts = try OrderedConcurrency(width: jobs).map(
      Array(stride(from: 0, to: count, by: chunk))
    ) { first in
      simulation.run(samples: first..<min(first + chunk, count), seed: seed)
    }
    var played = parts[0]
    for part in parts.dropFirst() { played.append(part) }
    return goals.compactMap { goal in
      guard let slot = slots.firstIndex(of: goal.step) else { return nil }
      let times = played.times(ofSlot: slot)
      guard let within = times.probability(within: horizon) else { return nil }
      return GoalTimes(
        id: goal.id, times: times, withinHorizon: within,
        quantiles: GoalTimes.levels.compactMap { level in
          times.quantile(level).map { GoalTimes.Quantile(level: level, days: $0) }
        })
    }
  }

  private var expectation: ExpectedValueMode? {
    switch mode {
    case .sampled: nil
    case .means: ExpectedValueMode(bernoullis: .favourAttacker, arithmetic: .means)
    case .malSimulator: ExpectedValueMode(bernoullis: .favourAttacker, arithmetic: .malSimulator)
    }
  }
}

extension Assessment {
  /// Plays the attack on all consequences at once, from both fronts; the same at any width.
  func compromiseTimes(in product: ProductGraph) throws -> [GoalTimes] {
    try TimesQuestion(
      graph: product.graph, entries: product.entries,
      goals: product.goals.map { ($0.consequence.id, $0.step) }, seed: options.seed,
      horizon: self.product.horizonDays, jobs: options.jobs
    ).answer()
  }
}

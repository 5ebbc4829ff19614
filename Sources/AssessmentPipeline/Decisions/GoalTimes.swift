public import AttackGraphs

/// When one consequence is reached by an attacker who stands at every entry point.
public struct GoalTimes: Sendable {
  public var consequence: ProductFile.Consequence
  public var times: CompromiseTimes
  /// P(reached within the product's horizon).
  public var withinHorizon: CompromiseEstimate
  /// Attacker days within which the consequence is reached with these probabilities.
  public var quantiles: [Quantile]

  public struct Quantile: Sendable, Hashable {
    public var level: Double
    public var days: CompromiseEstimate
  }

  /// The levels that are reported.
  static let levels = [0.05, 0.5, 0.95]
  /// How many times the attack is played.
  static let sampleCount = 10_000
}

extension Assessment {
  /// Plays the attack on all consequences at once, from both fronts; the same at any width.
  func compromiseTimes(in product: ProductGraph) throws -> [GoalTimes] {
    let steps = product.goals.map(\.step)
    var slots: [AttackGraph.StepID] = []
    for step in steps where !slots.contains(step) { slots.append(step) }
    let simulation = product.graph.compromiseSimulation(
      of: slots, from: product.entries, at: .both)
    let chunk = 250
    let seed = options.seed
    let parts = try OrderedConcurrency(width: options.jobs).map(
      Array(stride(from: 0, to: GoalTimes.sampleCount, by: chunk))
    ) { first in
      simulation.run(samples: first..<min(first + chunk, GoalTimes.sampleCount), seed: seed)
    }
    var samples = parts[0]
    for part in parts.dropFirst() { samples.append(part) }
    return product.goals.compactMap { goal in
      guard let slot = slots.firstIndex(of: goal.step) else { return nil }
      let times = samples.times(ofSlot: slot)
      guard let within = times.probability(within: self.product.horizonDays) else { return nil }
      return GoalTimes(
        consequence: goal.consequence, times: times, withinHorizon: within,
        quantiles: GoalTimes.levels.compactMap { level in
          times.quantile(level).map { GoalTimes.Quantile(level: level, days: $0) }
        })
    }
  }
}

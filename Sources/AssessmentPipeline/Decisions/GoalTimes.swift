public import AttackGraphs

/// When one goal is reached by an attacker who stands at every entry point of the given fronts.
public struct GoalTimes: Sendable {
  /// The consequence's id, or the step's name.
  public var id: String
  public var times: CompromiseTimes
  /// P(reached within the horizon).
  public var withinHorizon: CompromiseEstimate
  /// Attacker days within which the goal is reached with these probabilities.
  public var quantiles: [Quantile]

  public struct Quantile: Sendable, Hashable {
    public var level: Double
    public var days: CompromiseEstimate
  }

  /// The levels that are reported.
  static let levels = [0.05, 0.5, 0.95]
}

import EngineSupport

/// Projected steps on a gradient that is estimated from scores by differences along random directions: the
/// attacks of this family differ in the directions and the defaults.
public protocol EstimatedGradientAttack: AdversarialAttack {
  static var directions: DifferenceDirections { get }
  /// Queries for one sample.
  var queries: Int { get }
  /// Antithetic pairs in one estimate.
  var pairs: Int { get }
  /// The length of a difference as a share of the budget.
  var smoothing: Double { get }
}

/// How the directions of estimated gradients are drawn.
public enum DifferenceDirections: Sendable {
  /// Normal directions (natural evolution strategies).
  case gaussian
  /// Signs, each with the same probability (simultaneous perturbation).
  case signs
}

extension EstimatedGradientAttack {
  public static var needs: TargetAccess { .scores }

  public var isUsable: Bool {
    queries.isCount && pairs.isCount && pairs <= 10_000 && smoothing > 0 && smoothing.isFinite
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("queries", String(queries)), AttackParameter("pairs", String(pairs)),
      AttackParameter("smoothing", DecimalText.exact(smoothing)),
      AttackParameter("step", "0.5 of the budget, falling linearly to a hundredth"),
    ]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try EstimatedAscent(
      estimate: GradientEstimate(
        directions: Self.directions, pairs: pairs, smoothing: smoothing),
      queries: queries
    ).search(batch, asking: &oracle)
  }
}

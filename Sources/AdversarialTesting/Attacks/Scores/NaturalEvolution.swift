import EngineSupport

/// Projected steps on a gradient estimated by natural evolution strategies: scores only.
///
/// Source: Ilyas, Engstrom, Athalye, Lin, "Black-box adversarial attacks with limited queries and
/// information", ICML 2018.
public struct NaturalEvolution: AdversarialAttack {
  public static let name = "nes"
  public static let needs = TargetAccess.scores

  /// Queries for one sample.
  public var queries: Int
  /// Antithetic pairs in one estimate.
  public var pairs: Int
  /// The length of a difference as a share of the budget.
  public var smoothing: Double

  public init() { self.init(queries: 5_000, pairs: 25, smoothing: 0.2) }

  /// All must be positive.
  public init(queries: Int, pairs: Int, smoothing: Double) {
    self.queries = queries
    self.pairs = pairs
    self.smoothing = smoothing
    precondition(isUsable, "an estimate needs queries")
  }

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
      estimate: GradientEstimate(directions: .gaussian, pairs: pairs, smoothing: smoothing),
      queries: queries
    ).search(batch, asking: &oracle)
  }
}

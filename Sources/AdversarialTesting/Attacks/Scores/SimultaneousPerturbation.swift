/// Projected steps on a gradient estimated by simultaneous perturbation (SPSA): scores only.
///
/// Source: Uesato, O'Donoghue, van den Oord, Kohli, "Adversarial risk and the dangers of evaluating against
/// weak attacks", ICML 2018.
public struct SimultaneousPerturbation: EstimatedGradientAttack {
  public static let name = "spsa"
  public static var directions: DifferenceDirections { .signs }

  public var queries: Int
  public var pairs: Int
  public var smoothing: Double

  public init() { self.init(queries: 5_000, pairs: 32, smoothing: 0.1) }

  /// All must be positive.
  public init(queries: Int, pairs: Int, smoothing: Double) {
    self.queries = queries
    self.pairs = pairs
    self.smoothing = smoothing
    precondition(isUsable, "an estimate needs queries")
  }
}

/// Projected steps on a gradient estimated by natural evolution strategies: scores only.
///
/// Source: Ilyas, Engstrom, Athalye, Lin, "Black-box adversarial attacks with limited queries and
/// information", ICML 2018.
public struct NaturalEvolution: EstimatedGradientAttack {
  public static let name = "nes"
  public static var directions: DifferenceDirections { .gaussian }

  public var queries: Int
  public var pairs: Int
  public var smoothing: Double

  public init() { self.init(queries: 5_000, pairs: 25, smoothing: 0.2) }

  /// All must be positive.
  public init(queries: Int, pairs: Int, smoothing: Double) {
    self.queries = queries
    self.pairs = pairs
    self.smoothing = smoothing
    precondition(isUsable, "an estimate needs queries")
  }
}

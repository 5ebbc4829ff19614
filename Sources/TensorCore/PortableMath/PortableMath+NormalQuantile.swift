/// The inverse of the normal distribution.
extension PortableMath {
  /// The greatest z with Φ(z) ≤ p as far as Φ can be told apart, so that a radius made from it is never too
  /// large; −∞ for p ≤ 0 and ∞ for p ≥ 1.
  ///
  /// By halving: the same answer everywhere, about 60 evaluations of Φ.
  public static func standardNormalQuantile(_ p: Double) -> Double {
    guard p > 0 else { return -.infinity }
    guard p < 1 else { return .infinity }
    var low = -40.0
    var high = 40.0
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return low }
      if standardNormal(below: middle) < p { low = middle } else { high = middle }
    }
  }
}

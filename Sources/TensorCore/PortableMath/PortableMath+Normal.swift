/// Standard normal numbers, and the far tail of the normal distribution.
extension PortableMath {
  /// One standard normal number by the polar method, which needs a logarithm and a square root and no
  /// trigonometric function. Source: Marsaglia and Bray, SIAM Review 6 (1964).
  ///
  /// `uniform` gives independent numbers in [0, 1); a pair of them is used up in each round, and 0.79 of
  /// the rounds succeed.
  public static func standardNormal(from uniform: () -> Double) -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square > 0, square < 1 {
        return x * (-2 * log(square) / square).squareRoot()
      }
    }
  }

  /// φ(z) / (1 − Φ(z)) − z, by how much the mean of a standard normal number above z exceeds z; z ≥ 5.
  /// Laplace's continued fraction 1/(z + 2/(z + 3/(z + …))) (DLMF 7.9.1), which keeps its digits where
  /// the difference would lose them.
  public static func normalTailExcess(above z: Double) -> Double {
    var denominator = z
    for numerator in stride(from: 60.0, through: 2, by: -1) {
      denominator = z + numerator / denominator
    }
    return 1 / denominator
  }
}

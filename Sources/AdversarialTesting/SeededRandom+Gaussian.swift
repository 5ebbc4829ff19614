import EngineSupport
import TensorCore

extension SeededRandom {
  /// A standard normal number by Marsaglia's polar method, which needs a logarithm and a square root and
  /// no trigonometric function. Source: Marsaglia and Bray, SIAM Review 6 (1964).
  mutating func gaussian() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square > 0, square < 1 {
        return x * (-2 * PortableMath.log(square) / square).squareRoot()
      }
    }
  }
}

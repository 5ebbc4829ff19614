/// The hyperbolic tangent from IEEE 754 basic operations.
extension PortableMath {
  /// tanh x, within 4 ulp.
  ///
  /// Near 0, where 1 − e^(−2x) would cancel, Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + …)));
  /// elsewhere (1 − e)/(1 + e) with e = e^(−2|x|).
  public static func tanh(_ x: Double) -> Double {
    let magnitude = abs(x)
    guard magnitude >= 0.55 else {  // also NaN
      let square = x * x
      var denominator = 21.0
      for odd in stride(from: 19.0, through: 1.0, by: -2.0) {
        denominator = odd + square / denominator
      }
      return x / denominator
    }
    let e = exp(-2 * magnitude)
    let result = (1 - e) / (1 + e)
    return x < 0 ? -result : result
  }
}

/// The logistic function, built from `PortableMath.exp`.
extension PortableMath {
  /// 1 / (1 + e⁻ˣ), within 4 ulp for every x; the exponential's argument is never positive, so nothing overflows.
  public static func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
  }
}

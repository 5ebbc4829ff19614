import TensorCore

/// Moments of the distributions.
extension TimeLaw.Base {
  /// E[Xᶜ], `.infinity` where it is infinite; `nil` without a closed form here.
  func moment(_ order: Double) -> Double? {
    if order == 0 { return 1 }
    switch self {
    case .binomial(let trials, let probability): return order == 1 ? trials * probability : nil
    case .gamma(let shape, let scale):
      guard shape + order > 0 else { return .infinity }
      if order == 1 { return shape * scale }
      let ratio = PortableMath.exp(
        PortableMath.logarithmOfGamma(shape + order) - PortableMath.logarithmOfGamma(shape))
      return TimeLaw.power(scale, order) * ratio
    case .twoExponentials(let rate, let otherRate):
      return order == 1 ? 1 / rate + 1 / otherRate : nil
    case .logNormal(let mean, let deviation):
      return PortableMath.exp(order * (mean + order * deviation * deviation / 2))
    case .pareto(let minimum, let shape):
      guard order < shape else { return .infinity }
      return TimeLaw.power(minimum, order) * shape / (shape - order)
    case .truncatedNormal(let mean, let deviation):
      return order == 1 ? Self.truncatedMean(mean, deviation) : nil
    case .uniform(let minimum, let maximum):
      return Self.uniformMoment(minimum, maximum, order)
    }
  }

  private static func truncatedMean(_ mean: Double, _ deviation: Double) -> Double {
    let cut = -mean / deviation
    if cut > 5 { return deviation * PortableMath.normalTailExcess(above: cut) }
    let density = PortableMath.exp(-cut * cut / 2) * 0.39894228040143268
    return mean + deviation * density / PortableMath.standardNormal(below: -cut)
  }

  private static func uniformMoment(_ low: Double, _ high: Double, _ order: Double) -> Double? {
    if order == 1 { return low / 2 + high / 2 }
    guard low >= 0 else { return nil }
    // A narrow interval: the difference quotient would lose the digits that the middle keeps.
    if high - low <= 1e-7 * high { return TimeLaw.power(low / 2 + high / 2, order) }
    if low == 0, order <= -1 { return .infinity }
    if order == -1 {
      return (PortableMath.log(high) - PortableMath.log(low)) / (high - low)
    }
    let next = order + 1
    return (TimeLaw.power(high, next) - TimeLaw.power(low, next)) / (next * (high - low))
  }
}

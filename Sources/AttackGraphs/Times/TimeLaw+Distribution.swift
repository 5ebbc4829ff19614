import TensorCore

/// Distribution functions.
extension TimeLaw {
  /// P(remainder ≤ horizon); an infinite time is never reached, whatever the horizon.
  func probability(within horizon: Double) -> Double {
    switch remainder {
    case .neutral: return horizon >= 0 ? 1 : 0
    case .constant(let value): return value <= horizon && value < .infinity ? 1 : 0
    case .scaled(let base, let scale, let exponent, let shift):
      guard horizon < .infinity else { return 1 }
      let rest = (horizon - shift) / scale
      if exponent == 1 { return Self.probability(of: base, upTo: rest) }
      return rest < 0 ? 0 : Self.probability(of: base, upTo: Self.power(rest, 1 / exponent))
    }
  }

  private static func probability(of base: Base, upTo x: Double) -> Double {
    switch base {
    case .uniform(let minimum, let maximum):
      if x < minimum { return 0 }
      return x >= maximum ? 1 : (x - minimum) / (maximum - minimum)
    case _ where x < 0:
      return 0
    case .gamma(1, let scale):
      return PortableMath.oneMinusExp(ofMinus: x / scale)
    case .gamma(let shape, let scale):
      return PortableMath.gammaRatios(shape: shape, at: x / scale).lower
    case .twoExponentials(let rate, let otherRate):
      return twoExponentials(min(rate, otherRate), max(rate, otherRate), upTo: x)
    case .logNormal(let mean, let deviation):
      guard x > 0 else { return 0 }
      return PortableMath.standardNormal(below: (PortableMath.log(x) - mean) / deviation)
    case .pareto(let minimum, let shape):
      guard x > minimum else { return 0 }
      return PortableMath.oneMinusExp(
        ofMinus: shape * (PortableMath.log(x) - PortableMath.log(minimum)))
    case .truncatedNormal(let mean, let deviation):
      return truncatedNormal(mean: mean, deviation: deviation, upTo: x)
    case .binomial(let trials, let probability):
      return binomial(trials: trials, probability: probability, upTo: x)
    }
  }

  /// The sum of two exponentials, slower rate first:
  /// 1 − e^(−a x) (1 + a (1 − e^(−(b−a) x)) / (b − a)), stable also for nearly equal rates.
  private static func twoExponentials(_ a: Double, _ b: Double, upTo x: Double) -> Double {
    let decay = PortableMath.oneMinusExp(ofMinus: (b - a) * x)
    let tail = PortableMath.exp(-a * x) * (1 + a * decay / (b - a))
    return min(1, max(0, 1 - tail))
  }

  /// A normal distribution without its negative part, computed in the tail that keeps its digits.
  private static func truncatedNormal(mean: Double, deviation: Double, upTo x: Double) -> Double {
    let cut = -mean / deviation
    if cut > 5 {
      guard x > 0 else { return 0 }
      // The ratio of the two tails by their Mills ratios: the tails themselves soon vanish.
      let y = x / deviation
      let mills = (
        cut + PortableMath.normalTailExcess(above: cut),
        cut + y + PortableMath.normalTailExcess(above: cut + y)
      )
      return min(1, max(0, 1 - PortableMath.exp(-y * (cut + y / 2)) * (mills.0 / mills.1)))
    }
    let above = PortableMath.standardNormal(below: mean / deviation)
    let tail = PortableMath.standardNormal(below: (mean - x) / deviation)
    return min(1, max(0, 1 - tail / above))
  }

  private static func binomial(trials: Double, probability: Double, upTo x: Double) -> Double {
    if x >= trials || probability == 0 { return 1 }
    if probability == 1 { return 0 }
    let odds = PortableMath.log(probability) - PortableMath.log(1 - probability)
    var logarithm = trials * PortableMath.log(1 - probability)
    var sum = 0.0
    var successes = 0.0
    while successes <= x {
      sum += PortableMath.exp(logarithm)
      logarithm += PortableMath.log(trials - successes) - PortableMath.log(successes + 1) + odds
      successes += 1
    }
    return min(1, sum)
  }
}

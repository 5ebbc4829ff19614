import EngineSupport
import TensorCore

/// Draws from the distributions, by additions, multiplications, square roots and portable functions only.
extension TimeLaw.Base {
  /// One independent value. How many numbers of `random` it uses up depends on the distribution.
  func draw(from random: inout SeededRandom) -> Double {
    switch self {
    case .gamma(1, let scale): return random.exponential() * scale
    case .gamma(let shape, let scale): return random.gamma(shape: shape) * scale
    case .twoExponentials(let rate, let otherRate):
      return random.exponential() / rate + random.exponential() / otherRate
    case .uniform(let minimum, let maximum):
      let part = random.uniform()
      return min(maximum, max(minimum, minimum * (1 - part) + maximum * part))
    case .logNormal(let mean, let deviation):
      return PortableMath.exp(mean + deviation * random.gaussian())
    case .pareto(let minimum, let shape):
      return minimum * PortableMath.exp(random.exponential() / shape)
    case .truncatedNormal(let mean, let deviation):
      return random.truncatedNormal(mean: mean, deviation: deviation)
    case .binomial(let trials, let probability):
      let isMirrored = probability > 0.5
      let successes = random.binomial(
        trials: trials, probability: isMirrored ? 1 - probability : probability)
      return isMirrored ? trials - successes : successes
    }
  }
}

extension SeededRandom {
  /// Rejection ends after two rounds or so; the bound only makes it certain that it ends.
  private static var roundLimit: Int { 1_000 }

  /// An exponential number of mean 1, by inversion.
  fileprivate mutating func exponential() -> Double { 0 - PortableMath.log(1 - uniform()) }

  fileprivate mutating func gaussian() -> Double {
    PortableMath.standardNormal { uniform() }
  }

  /// A gamma number of scale 1.
  /// Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000).
  fileprivate mutating func gamma(shape: Double) -> Double {
    guard shape >= 1 else {
      let boost = PortableMath.exp(-exponential() / shape)
      return gamma(shape: shape + 1) * boost
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    for _ in 0..<Self.roundLimit {
      let x = gaussian()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let logarithm = 0 - exponential()
      if logarithm < 0.5 * x * x + d * (1 - v + PortableMath.log(v)) { return d * v }
    }
    return shape
  }

  /// A normal number that is not negative. Far below 0 by an exponential number instead of a normal one.
  /// Source: Robert, "Simulation of truncated normal variables", Statistics and Computing 5 (1995).
  fileprivate mutating func truncatedNormal(mean: Double, deviation: Double) -> Double {
    let cut = -mean / deviation
    if cut <= 0.5 {
      for _ in 0..<Self.roundLimit {
        let value = mean + deviation * gaussian()
        if value >= 0 { return value }
      }
      return 0
    }
    // The rate is (cut + √(cut² + 4)) / 2; what it exceeds the cut by is written without cancellation.
    let root = cut < 1e8 ? (cut * cut + 4).squareRoot() : cut
    let rate = (cut + root) / 2
    let excess = 2 / (cut + root)
    for _ in 0..<Self.roundLimit {
      let step = exponential() / rate
      let miss = step - excess
      if exponential() >= miss * miss / 2 { return deviation * step }
    }
    return 0
  }

  /// Successes of `trials` with probability ≤ ½: by inversion where few are expected, else by transformed
  /// rejection. Source: Hörmann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46
  /// (1993), algorithm BTRS.
  fileprivate mutating func binomial(trials: Double, probability: Double) -> Double {
    let odds = probability / (1 - probability)
    guard trials * probability >= 10 else {
      var mass = PortableMath.exp(trials * PortableMath.log(1 - probability))
      var rest = uniform() - mass
      var successes = 0.0
      while rest >= 0, successes < trials {
        mass *= odds * (trials - successes) / (successes + 1)
        successes += 1
        // Rounding leaves a little above the sum of all masses; it goes to where the masses vanish.
        if mass == 0 { break }
        rest -= mass
      }
      return successes
    }
    let spread = (trials * probability * (1 - probability)).squareRoot()
    let b = 1.15 + 2.53 * spread
    let a = -0.0873 + 0.0248 * b + 0.01 * probability
    let alpha = (2.83 + 5.1 / b) * spread
    let mode = ((trials + 1) * probability).rounded(.down)
    func logFactorials(_ k: Double) -> Double {
      PortableMath.logarithmOfGamma(k + 1) + PortableMath.logarithmOfGamma(trials - k + 1)
    }
    let atMode = logFactorials(mode)
    let logOdds = PortableMath.log(odds)
    for _ in 0..<Self.roundLimit {
      let v = uniform()
      let u = uniform() - 0.5
      let us = 0.5 - abs(u)
      let k = ((2 * a / us + b) * u + trials * probability + 0.5).rounded(.down)
      if us >= 0.07, v <= 0.92 - 4.2 / b { return k }
      guard k >= 0, k <= trials else { continue }
      let bound = atMode - logFactorials(k) + (k - mode) * logOdds
      if PortableMath.log(v * alpha / (a / (us * us) + b)) <= bound { return k }
    }
    return mode
  }
}

import TensorCore
import ThreatLanguage

/// The distribution of one time to compromise: a gate, and behind it a number or scale · Xᵉ + shift.
struct TimeLaw {
  /// Distributions with a distribution function of their own; all but `uniform` are never negative.
  enum Base: Hashable {
    case binomial(trials: Double, probability: Double)
    /// An exponential of rate λ is a gamma of shape 1 and scale 1/λ.
    case gamma(shape: Double, scale: Double)
    case twoExponentials(rate: Double, otherRate: Double)
    case logNormal(mean: Double, deviation: Double)
    case pareto(minimum: Double, shape: Double)
    case truncatedNormal(mean: Double, deviation: Double)
    case uniform(minimum: Double, maximum: Double)
  }

  enum Remainder {
    /// Nothing but a gate: 0 in sums, 1 in products.
    case neutral
    case constant(Double)
    case scaled(Base, scale: Double, exponent: Double, shift: Double)
  }

  /// Probability that the time is finite at all.
  var gate: Double
  var remainder: Remainder

  private init(gate: Double = 1, _ remainder: Remainder) {
    self.gate = gate
    self.remainder = remainder
  }

  private init(gate: Double = 1, _ base: Base) {
    self.init(gate: gate, .scaled(base, scale: 1, exponent: 1, shift: 0))
  }

  init(_ expression: TTCExpression) throws(UnsupportedTTC) {
    try expression.checkBounds()
    try self.init(bounded: expression)
  }

  private init(bounded expression: TTCExpression) throws(UnsupportedTTC) {
    switch expression {
    case .number(let value): self.init(try Self.constant(value))
    case .distribution(let name, let arguments): try self.init(name: name, arguments)
    case .sum(let left, let right):
      try self.init(Self(bounded: left), Self(bounded: right), combined: Self.sum)
    case .difference(let left, let right):
      try self.init(Self(bounded: left), Self(bounded: right), combined: Self.difference)
    case .product(let left, let right):
      try self.init(Self(bounded: left), Self(bounded: right), combined: Self.product)
    case .quotient(let left, let right):
      try self.init(Self(bounded: left), Self(bounded: right), combined: Self.quotient)
    case .power(let left, let right):
      try self.init(Self(bounded: left), Self(bounded: right), combined: Self.power)
    }
  }

  private init(
    _ left: TimeLaw, _ right: TimeLaw,
    combined combine: (Remainder, Remainder) throws(UnsupportedTTC) -> Remainder
  ) throws(UnsupportedTTC) {
    self.init(gate: left.gate * right.gate, try combine(left.remainder, right.remainder))
  }

  /// What one distribution means by the MAL specification.
  init(name: String, _ arguments: [Double]) throws(UnsupportedTTC) {
    guard let known = TTCDistribution(rawValue: name) else {
      throw UnsupportedTTC(reason: "there is no distribution `\(name)`")
    }
    if let fault = known.fault(in: arguments) { throw UnsupportedTTC(reason: fault) }
    guard arguments.allSatisfy(\.isFinite) else {
      throw UnsupportedTTC(reason: "`\(name)` with a parameter that is not finite")
    }
    func exponential(_ rate: Double) -> Base { .gamma(shape: 1, scale: 1 / rate) }
    switch known {
    case .bernoulli: self.init(gate: arguments[0], .neutral)
    case .binomial: self.init(.binomial(trials: arguments[0], probability: arguments[1]))
    case .exponential: self.init(exponential(arguments[0]))
    case .gamma: self.init(.gamma(shape: arguments[0], scale: arguments[1]))
    case .logNormal: self.init(.logNormal(mean: arguments[0], deviation: arguments[1]))
    case .pareto: self.init(.pareto(minimum: arguments[0], shape: arguments[1]))
    case .truncatedNormal:
      self.init(.truncatedNormal(mean: arguments[0], deviation: arguments[1]))
    case .uniform: self.init(.uniform(minimum: arguments[0], maximum: arguments[1]))
    case .zero: self.init(.constant(0))
    case .infinity: self.init(.constant(.infinity))
    case .easyAndCertain: self.init(exponential(1))
    case .easyAndUncertain: self.init(gate: 0.5, .neutral)
    case .hardAndCertain: self.init(exponential(0.1))
    case .hardAndUncertain: self.init(gate: 0.5, exponential(0.1))
    case .veryHardAndCertain: self.init(exponential(0.01))
    case .veryHardAndUncertain: self.init(gate: 0.5, exponential(0.01))
    case .enabled, .disabled:
      throw UnsupportedTTC(reason: "`\(name)` is for defences, it is no time")
    }
    if case .scaled(.binomial(let trials, _), _, _, _) = remainder, trials > 100_000 {
      throw UnsupportedTTC(reason: "Binomial with more than 100000 trials")
    }
    if case .scaled(.gamma(let shape, _), _, _, _) = remainder, shape > 1_000_000 {
      throw UnsupportedTTC(reason: "Gamma with a shape above 1000000")
    }
  }
}

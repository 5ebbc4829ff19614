package import ThreatLanguage

/// What to expect of one time to compromise.
package struct ExpectedTime: Sendable, Hashable {
  /// Probability that the step succeeds at all.
  package var gate: Double
  /// The mean in attacker days where it does; `.infinity` where that mean is infinite.
  package var days: Double
}

extension TTCExpression {
  /// The mean time in closed form, gates apart (as in `probability(within:)`).
  ///
  /// Any sum and difference of what has a mean; products, quotients and powers as far as the moments of
  /// their parts are known, by E[(XY)ᶜ] = E[Xᶜ] E[Yᶜ] for independent X and Y. Throws where there is no
  /// closed form, or no mean. Of an expression that can be negative this is the plain mean, although a
  /// simulation counts a negative time as 0.
  package func mean() throws(UnsupportedTTC) -> ExpectedTime {
    let (gate, tree) = try TimeTree.of(self)
    return ExpectedTime(gate: gate, days: try tree.moment(1))
  }
}

extension TimeTree {
  /// E[Xᶜ].
  func moment(_ order: Double) throws(UnsupportedTTC) -> Double {
    let value: Double
    switch self {
    case .constant(let number): value = TimeOperator.power.apply(number, order)
    case .draw(let base):
      guard let moment = base.moment(order) else {
        throw UnsupportedTTC(reason: "the mean of the power \(order) of a distribution")
      }
      value = moment
    case .combine(.sum, let left, let right) where order == 1:
      value = try left.moment(1) + right.moment(1)
    case .combine(.difference, let left, let right) where order == 1:
      value = try left.moment(1) - right.moment(1)
    case .combine(.sum, _, _), .combine(.difference, _, _):
      throw UnsupportedTTC(reason: "the mean of a quotient by a sum, or of a power of one")
    case .combine(.product, let left, let right):
      value = try left.moment(order) * right.moment(order)
    case .combine(.quotient, let left, let right):
      value = try left.moment(order) * right.moment(-order)
    case .combine(.power, let left, .constant(let exponent)):
      guard exponent == 1 || !left.canBeNegative else {
        throw UnsupportedTTC(reason: "the mean of a power of what can be negative")
      }
      value = try left.moment(order * exponent)
    case .combine(.power, _, _):
      throw UnsupportedTTC(reason: "a mean with a distribution as an exponent")
    }
    guard !value.isNaN else { throw UnsupportedTTC(reason: "an undefined mean") }
    return value
  }
}

package import ThreatLanguage

/// How expected values stand for distributions.
package struct ExpectedValueMode: Sendable, Hashable {
  package enum Bernoullis: Sendable, Hashable {
    /// Each gate is tried and each defence drawn, once in a sample. mal-simulator's default.
    case drawn
    /// Every gate that can succeed does, and a defence is there only if it certainly is: the attacker's
    /// best case. mal-simulator with `run_attack_step_bernoullis` and `run_defense_step_bernoullis` off
    /// (there even `Bernoulli(0)` succeeds).
    case favourAttacker
  }

  package enum Arithmetic: Sendable, Hashable {
    /// Means of the whole expression; a step without a time takes none.
    case means
    /// As mal-simulator 3.3 computes `ttc_values`: the operators applied to the means of their operands, a
    /// Bernoulli counts as the number 1, and so a step without a time takes 1.
    case malSimulator
  }

  package var bernoullis: Bernoullis
  package var arithmetic: Arithmetic

  package init(bernoullis: Bernoullis, arithmetic: Arithmetic) {
    self.bernoullis = bernoullis
    self.arithmetic = arithmetic
  }
}

/// Expected-value mode: one pass in which every step takes its mean time.
///
/// Modelled on mal-simulator's `TTCMode.EXPECTED_VALUE`. There the values are fixed before the run and an
/// attacker who tries one step an iteration has compromised a step of value v after max(1, ⌈v⌉ − 1) tries;
/// here the attacker works on all steps at once and v is the time. The result is no mean: the time of an OR
/// over means is at least the mean of the OR.
extension CompromiseSimulation {
  /// As the designated initializer, with expressions in place of samplers; run one sample, or with
  /// `.drawn` as many as wanted. Throws where an expression has no mean in closed form.
  package init(
    expecting times: [TTCExpression], mode: ExpectedValueMode, on graph: AndOrGraph, time: [Int32],
    presence: [Double], from fronts: Fronts, goals: [Int]? = nil
  ) throws(UnsupportedTTC) {
    var laws: [TimeSampler] = []
    for expression in times { laws.append(try TimeSampler(expecting: expression, mode: mode)) }
    laws.append(TimeSampler(days: mode.arithmetic == .malSimulator ? 1 : 0))
    self.init(
      graph, laws: laws, law: time.map { $0 < 0 ? Int32(times.count) : $0 },
      presence: mode.bernoullis == .drawn ? presence : presence.map { $0 >= 1 ? 1 : 0 },
      from: fronts, goals: goals)
  }
}

extension TimeSampler {
  /// The mean in place of the distribution, behind the same gate or none.
  package init(
    expecting expression: TTCExpression, mode: ExpectedValueMode
  ) throws(UnsupportedTTC) {
    let (gate, tree) = try TimeTree.of(expression)
    let days =
      switch mode.arithmetic {
      case .means: try tree.moment(1)
      case .malSimulator: try expression.meanAsInMALSimulator()
      }
    let isOpen = mode.bernoullis == .favourAttacker && gate > 0
    self.init(days: days, gate: isOpen ? 1 : gate)
  }
}

extension TTCExpression {
  /// mal-simulator's `expected_value`; of `(a ∘ b) ∘ c` the whole, where mal-simulator loses b.
  fileprivate func meanAsInMALSimulator() throws(UnsupportedTTC) -> Double {
    let (operation, left, right): (TimeOperator, TTCExpression, TTCExpression)
    switch self {
    case .number(let value): return value
    case .distribution(let name, let arguments):
      let law = try TimeLaw(name: name, arguments)
      switch law.remainder {
      case .neutral: return 1
      case .constant(let value): return value
      case .scaled(let base, _, _, _): return try TimeTree.draw(base).moment(1)
      }
    case .sum(let a, let b): (operation, left, right) = (.sum, a, b)
    case .difference(let a, let b): (operation, left, right) = (.difference, a, b)
    case .product(let a, let b): (operation, left, right) = (.product, a, b)
    case .quotient(let a, let b): (operation, left, right) = (.quotient, a, b)
    case .power(let a, let b): (operation, left, right) = (.power, a, b)
    }
    let value = operation.apply(
      try left.meanAsInMALSimulator(), try right.meanAsInMALSimulator())
    guard !value.isNaN else { throw UnsupportedTTC(reason: "an undefined mean") }
    return value
  }
}

package import EngineSupport

/// One time to compromise, made ready to be drawn many million times: a draw allocates nothing and gives the
/// same bits on every machine.
///
/// Means what `TTCExpression.probability(within:)` means: a Bernoulli is a gate, and what remains takes its
/// time. Where both exist, draws follow that distribution function; beyond it, any arithmetic on independent
/// draws can be drawn. A draw without a value (0/0, ∞ − ∞, a root of a negative number) counts as 0 days, so
/// that the attacker is not underestimated.
///
/// mal-simulator 3.3 differs: a Bernoulli that succeeds counts as the number 1 in the arithmetic, of several
/// Bernoullis only the first is tried, `(a ∘ b) ∘ c` loses b, and numbers, Zero, Infinity, Pareto and
/// TruncatedNormal are errors.
package struct TimeSampler: Sendable {
  enum Form {
    case constant(Double)
    case single(TimeLaw.Base)
    case program([TimeInstruction])
  }

  /// Probability that the time is finite at all: all gates together.
  package let gate: Double
  let form: Form

  init(gate: Double, _ form: Form) {
    self.gate = gate
    self.form = form
  }

  /// A time that is `days` with probability `gate`, and else never.
  package init(days: Double, gate: Double = 1) {
    self.init(gate: gate, .constant(days))
  }

  /// `true` where no draw can be finite.
  package var isNever: Bool {
    if case .constant(.infinity) = form { return true }
    return gate <= 0
  }

  /// The time, where every draw gives the same.
  package var fixedDays: Double? {
    guard gate >= 1, case .constant(let days) = form else { return isNever ? .infinity : nil }
    return days
  }

  /// Attacker days; `.infinity` for never. Negative where the expression is; never NaN.
  package func draw(from random: inout SeededRandom) -> Double {
    if gate < 1, random.uniform() >= gate { return .infinity }
    switch form {
    case .constant(let days): return days
    case .single(let base): return base.draw(from: &random)
    case .program(let program): return TimeInstruction.run(program, drawingFrom: &random)
    }
  }
}

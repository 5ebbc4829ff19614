import TensorCore
package import ThreatLanguage

/// Why a time to compromise has no closed distribution function here.
package struct UnsupportedTTC: Error, Hashable {
  package var reason: String
}

extension TTCExpression {
  /// P(time to compromise ≤ `horizon`), both in attacker days.
  ///
  /// `Bernoulli(p)` in a sum or product is a gate: the step succeeds at all with probability p, and what
  /// remains takes its time (so `Bernoulli(p)` alone is p). All draws are independent. Closed forms: every
  /// single distribution; sums with, products with and quotients by a number; powers; sums of two
  /// exponentials, of gammas of one scale; products and quotients of log-normals. Everything else throws.
  ///
  /// Source of the named distributions: the MAL specification, “Time to compromise”.
  package func probability(within horizon: Double) throws(UnsupportedTTC) -> Double {
    let law = try TimeLaw(self)
    return law.gate * law.probability(within: horizon)
  }

  /// For defences: the probability that the defence is in place.
  package func probabilityOfDefense() throws(UnsupportedTTC) -> Double {
    guard case .distribution(let name, let arguments) = self,
      let known = TTCDistribution(rawValue: name), known.fault(in: arguments) == nil
    else { throw UnsupportedTTC(reason: "a defence has one of Enabled, Disabled, Bernoulli") }
    switch known {
    case .enabled: return 1
    case .disabled: return 0
    case .bernoulli: return arguments[0]
    default:
      throw UnsupportedTTC(reason: "a defence has one of Enabled, Disabled, Bernoulli, not \(name)")
    }
  }
}

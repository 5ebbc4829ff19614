private import TensorCore

/// What a step of an attack path costs: the measures by which paths are compared.
///
/// Path search adds the costs of steps, so each measure is one that adds up along a path. Unlike
/// `AndOrGraph.costs` when it holds probabilities, a cost is any finite number that is not negative; a step
/// that has none is impossible and belongs among the blocked nodes.
public enum StepCost: String, Sendable, Hashable, CaseIterable {
  /// −ln(probability), nats: the cheapest path is the most probable one, if steps succeed independently.
  case negativeLogProbability
  /// Mean time to compromise, attacker days. Days of steps that are taken side by side are added too: it is
  /// the effort of one attacker, not the time that passes.
  case expectedEffort
  /// Points of attack potential, summed over distinct steps. What the evaluation methodology gives a whole
  /// path is another number: `AttackPotential.Path.combined`.
  case attackPotentialPoints

  public var unit: String {
    switch self {
    case .negativeLogProbability: "nats"
    case .expectedEffort: "attacker days"
    case .attackPotentialPoints: "points"
    }
  }

  /// The cost of a step for which the measure's own number is known: its probability, its mean days, or its
  /// points. `nil` where the step is impossible: probability 0, a mean that is infinite or not a number.
  public func cost(of number: Double) -> Double? {
    switch self {
    case .negativeLogProbability:
      // Adding 0 makes −0 a plain 0.
      number > 0 ? max(0, -PortableMath.log(min(1, number))) + 0 : nil
    case .expectedEffort, .attackPotentialPoints:
      number.isFinite ? max(0, number) : nil
    }
  }

  /// The probability that a sum of negative logarithms stands for.
  static func probability(ofNats cost: Double) -> Double { PortableMath.exp(-cost) }
}

/// One way to reach a goal: a set of steps of which none can be left out, with how they cause one another.
///
/// An OR step rests on one of its parents, an AND step on all of them, until entry points, absent defences
/// and satisfied existence checks are reached. Each step is paid for once, however many others rest on it.
public struct AttackPath: Sendable, Hashable {
  /// Causes before effects, the goal last.
  public var steps: [AttackGraph.StepID]
  /// In step with `steps`: the parents each step rests on, ascending. One for an OR step, all for an AND
  /// step, none for entry points, defences and existence checks.
  public var chosenParents: [[AttackGraph.StepID]]
  /// The entry points used, ascending. They cost nothing: the attacker stands there.
  public var entries: [AttackGraph.StepID]
  /// The fronts an attacker has to stand at: all of them, and fewer do not do.
  public var fronts: Fronts
  /// Nats; lists of paths are ordered by the set cost, −ln(`probability`).
  public var costs: DerivationCosts
  /// Product of the steps' probabilities, measured where there is a measurement.
  public var probability: Double
  /// The same with every prior instead of its measurement.
  public var priorProbability: Double

  public init(
    steps: [AttackGraph.StepID], chosenParents: [[AttackGraph.StepID]],
    entries: [AttackGraph.StepID], fronts: Fronts, costs: DerivationCosts, probability: Double,
    priorProbability: Double
  ) {
    self.steps = steps
    self.chosenParents = chosenParents
    self.entries = entries
    self.fronts = fronts
    self.costs = costs
    self.probability = probability
    self.priorProbability = priorProbability
  }
}

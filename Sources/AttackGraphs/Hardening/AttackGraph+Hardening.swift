package import EngineSupport
import ThreatLanguage

/// Hardening of an attack graph: its defences that may be absent are the controls.
extension AttackGraph {
  /// The question which defences to put in place so that `goals` are out of reach of an attacker at all of
  /// their fronts. Control i is the i-th of `possibleDefenses`; a defence that `costs` does not name costs 1.
  package func hardeningProblem(
    goals: [HardeningProblem.Goal], from entries: [StepID: Fronts], costs: [StepID: Int] = [:]
  ) throws(Diagnostic) -> HardeningProblem {
    try HardeningProblem(
      graph: andOrGraph(from: entries),
      controls: possibleDefenses.map { HardeningProblem.Control(node: $0, cost: costs[$0] ?? 1) },
      goals: goals)
  }

  /// Defences that are absent with a probability above 0, ascending.
  package var possibleDefenses: [StepID] {
    (0..<stepCount).filter { kind(of: $0) == .defense && probability(of: $0) > 0 }
  }
}

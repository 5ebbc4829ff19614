import ThreatLanguage

/// Times to compromise of an attack graph's steps: its language's times and its model's defences bound to a
/// simulation.
extension AttackGraph {
  /// A simulation of `goals` (of all steps where `nil`) for an attacker who stands at all of `fronts`.
  ///
  /// A step takes the time of its type; a measured step instead succeeds at once with the measured rate, or
  /// never: the test has tried it as often as it takes. A defence is there with one minus the probability
  /// that it is absent. Times that cannot be drawn count as none, so that the attacker is not
  /// underestimated; graph generation has reported them.
  package func compromiseSimulation(
    of goals: [StepID]?, from entries: [StepID: Fronts], at fronts: Fronts
  ) -> CompromiseSimulation {
    var laws: [TimeSampler] = []
    var lawOfType = [Int32](repeating: -1, count: stepTypes.count)
    var isUsed = [Bool](repeating: false, count: language.assetTypes.count)
    for type in assetTypes where type >= 0 { isUsed[Int(type)] = true }
    for (type, asset) in language.assetTypes.enumerated() where isUsed[type] {
      for (position, step) in asset.steps.enumerated() where step.kind == .or || step.kind == .and {
        guard let ttc = step.ttc, let sampler = try? TimeSampler(ttc) else { continue }
        lawOfType[Int(stepTypes.offsets[type]) + position] = Int32(laws.count)
        laws.append(sampler)
      }
    }
    var law = [Int32](repeating: -1, count: stepCount)
    var presence = [Double](repeating: 0, count: stepCount)
    for step in 0..<stepCount {
      switch kind(of: step) {
      case .or, .and: law[step] = lawOfType[stepType(of: step)]
      case .defense: presence[step] = 1 - probability(of: step)
      case .exist, .notExist: break
      }
    }
    for (step, measured) in measurements.sorted(by: { $0.key < $1.key }) {
      law[step] = Int32(laws.count)
      laws.append(TimeSampler(days: 0, gate: measured.rate))
    }
    return CompromiseSimulation(
      andOrGraph(from: entries), laws: laws, law: law, presence: presence, from: fronts,
      goals: goals)
  }
}

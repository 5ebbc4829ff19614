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
  ///
  /// With a `mode` every step takes its mean time instead, where it has one: see `ExpectedValueMode`.
  package func compromiseSimulation(
    of goals: [StepID]?, from entries: [StepID: Fronts], at fronts: Fronts,
    expecting mode: ExpectedValueMode? = nil
  ) -> CompromiseSimulation {
    var laws: [TimeSampler] = []
    var lawOfType = [Int32](repeating: -1, count: stepTypes.count)
    var isUsed = [Bool](repeating: false, count: language.assetTypes.count)
    for type in assetTypes where type >= 0 { isUsed[Int(type)] = true }
    for (type, asset) in language.assetTypes.enumerated() where isUsed[type] {
      for (position, step) in asset.steps.enumerated() where step.kind == .or || step.kind == .and {
        guard let sampler = Self.sampler(of: step, mode) else { continue }
        lawOfType[Int(stepTypes.offsets[type]) + position] = Int32(laws.count)
        laws.append(sampler)
      }
    }
    var law = [Int32](repeating: -1, count: stepCount)
    var presence = [Double](repeating: 0, count: stepCount)
    for step in 0..<stepCount {
      switch kind(of: step) {
      case .or, .and: law[step] = lawOfType[stepType(of: step)]
      case .defense: presence[step] = Self.presence(absent: probability(of: step), mode)
      case .exist, .notExist: break
      }
    }
    for (step, measured) in measurements.sorted(by: { $0.key < $1.key }) {
      law[step] = Int32(laws.count)
      laws.append(TimeSampler(days: 0, gate: Self.gate(measured.rate, mode)))
    }
    for (step, probability) in assumptions.sorted(by: { $0.key < $1.key }) where law[step] >= 0 {
      law[step] = Int32(laws.count)
      laws.append(TimeSampler(days: 0, gate: Self.gate(probability, mode)))
    }
    return CompromiseSimulation(
      timelessGraph(from: entries), laws: laws, law: law, presence: presence, from: fronts,
      goals: goals)
  }

  private static func sampler(of step: StepType, _ mode: ExpectedValueMode?) -> TimeSampler? {
    guard let mode else { return step.ttc.flatMap { try? TimeSampler($0) } }
    guard let time = step.ttc else {
      return mode.arithmetic == .malSimulator ? TimeSampler(days: 1) : nil
    }
    return try? TimeSampler(expecting: time, mode: mode)
  }

  private static func presence(absent: Double, _ mode: ExpectedValueMode?) -> Double {
    guard mode?.bernoullis == .favourAttacker else { return 1 - absent }
    return absent > 0 ? 0 : 1
  }

  private static func gate(_ rate: Double, _ mode: ExpectedValueMode?) -> Double {
    mode?.bernoullis == .favourAttacker && rate > 0 ? 1 : rate
  }

  /// The bare graph without any horizon: only existence checks that fail are blocked. Whether a step comes in
  /// time, and whether a defence is there, is drawn.
  private func timelessGraph(from entries: [StepID: Fronts]) -> AndOrGraph {
    var fronts = [Fronts](repeating: [], count: stepCount)
    for (step, open) in entries { fronts[step] = open.intersection(.both) }
    return AndOrGraph(
      kinds: (0..<stepCount).map { step in
        guard isViable(step) else { return .blocked }
        return switch kind(of: step) {
        case .or: .or
        case .and: .and
        case .defense, .exist, .notExist: .given
        }
      }, costs: Array(repeating: 0, count: stepCount), entryFronts: fronts,
      parents: { parents(of: $0) })
  }
}

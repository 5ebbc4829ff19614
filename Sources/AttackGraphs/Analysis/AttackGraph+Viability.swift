import ThreatLanguage

/// Which steps can be walked at all and which still cost an attacker something, whoever attacks and from
/// wherever: mal-simulator's viability and necessity.
///
/// Both are greatest fixpoints: a step loses the property only for a reason, so steps that hold one another
/// up in a circle keep it. Reachability from entry points (`AttackReach`) is the least fixpoint, and smaller.
extension AttackGraph {
  /// Defences that are certainly in place: absent with probability 0.
  package func enabledDefenses() -> StepSet {
    var enabled = StepSet(capacity: stepCount)
    for step in 0..<stepCount where kind(of: step) == .defense && probability(of: step) == 0 {
      enabled.insert(step)
    }
    return enabled
  }

  /// Steps that can be walked under some circumstances: an OR step by one viable parent, an AND step by all;
  /// steps without parents always; not enabled defences and existence checks that hold; never a step whose
  /// own time is infinite (probability 0). Linear in the graph.
  package func viableSteps(enabled: StepSet) -> StepSet {
    withoutSteps(
      losing: { step in
        switch kind(of: step) {
        case .exist, .notExist: !isViable(step)
        case .defense: enabled.contains(step)
        case .or, .and: probability(of: step) == 0
        }
      },
      countedDown: { $0 == .or })
  }

  /// Steps that still have to be taken: those of enabled defences and failed checks, an OR step if all its
  /// parents are necessary, an AND step if one is; steps without parents always. Linear in the graph.
  package func necessarySteps(enabled: StepSet) -> StepSet {
    withoutSteps(
      losing: { step in
        switch kind(of: step) {
        case .exist, .notExist: isViable(step)
        case .defense: !enabled.contains(step)
        case .or, .and: false
        }
      },
      countedDown: { $0 == .and })
  }

  /// All steps without those that lose the property by themselves or by their parents: a kind that is
  /// `countedDown` loses it with its last parent, the other kind with the first.
  private func withoutSteps(
    losing: (StepID) -> Bool, countedDown: (StepType.Kind) -> Bool
  ) -> StepSet {
    var lost = StepSet(capacity: stepCount)
    var left = (0..<stepCount).map { parentOffsets[$0 + 1] - parentOffsets[$0] }
    var queue: [Int32] = []
    for step in 0..<stepCount where losing(step) {
      lost.insert(step)
      queue.append(Int32(step))
    }
    while let step = queue.popLast() {
      for child in children(of: Int(step)) {
        let child = Int(child)
        let kind = kind(of: child)
        guard kind == .or || kind == .and, !lost.contains(child) else { continue }
        left[child] -= 1
        if !countedDown(kind) || left[child] == 0 {
          lost.insert(child)
          queue.append(Int32(child))
        }
      }
    }
    var kept = StepSet(capacity: stepCount)
    for step in 0..<stepCount where !lost.contains(step) { kept.insert(step) }
    return kept
  }
}

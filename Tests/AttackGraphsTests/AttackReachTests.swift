import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

/// Reachability, viability and necessity against rules applied until nothing changes; switching against
/// starting anew.
@Suite struct AttackReachTests {
  private struct Case {
    var graph: AttackGraph
    var kinds: [StepType.Kind] = []
    var parents: [[Int]] = []
    var entries: [Int] = []

    init(seed: UInt64) {
      var random = SeededRandom(seed: seed)
      let count = 2 + random.index(below: 14)
      var sketch = GraphSketch()
      for step in 0..<count {
        let kind: StepType.Kind =
          switch random.index(below: 10) {
          case 0, 1: .defense
          case 2: .exist
          case 3...6: .or
          default: .and
          }
        let hasParents = kind == .or || kind == .and
        // Parents may stand later: circles are the rule.
        let own = hasParents ? (0..<count).filter { _ in random.index(below: count) < 2 } : []
        let prior = random.index(below: 8) == 0 ? 0.0 : 0.5
        kinds.append(kind)
        parents.append(own)
        _ = sketch.add(kind, prior, viable: random.index(below: 3) > 0, after: own)
        if hasParents, random.index(below: 5) == 0 { entries.append(step) }
      }
      graph = sketch.graph
    }

    /// Rules applied round by round until nothing changes.
    func reached(off: Set<Int>) -> Set<Int> {
      var reached = Set(entries)
      var isStable = false
      while !isStable {
        isStable = true
        for step in kinds.indices where !reached.contains(step) && !off.contains(step) {
          let holds: Bool =
            switch kinds[step] {
            case .defense, .exist, .notExist: true
            case .or: parents[step].contains { reached.contains($0) }
            case .and: !parents[step].isEmpty && parents[step].allSatisfy { reached.contains($0) }
            }
          if holds {
            reached.insert(step)
            isStable = false
          }
        }
      }
      return reached
    }
  }

  @Test func switchingEqualsStartingAnew() {
    let base: UInt64 = 90_210
    var changes = 0
    for round in 0..<600 {
      let seed = base + UInt64(round)
      let sample = Case(seed: seed)
      var random = SeededRandom(seed: seed ^ 0xff)
      let steps = sample.kinds.indices
      var reach = AttackReach(sample.graph, from: sample.entries)
      var off = Set(steps.filter(reach.isOff))
      var before = sample.reached(off: off)
      #expect(Set(steps.filter(reach.isReached)) == before, "seed \(seed)")
      for _ in 0..<12 {
        let step = random.index(below: steps.count)
        let isOff = off.contains(step)
        let changed = isOff ? reach.switchOn(step) : reach.switchOff(step)
        if isOff { off.remove(step) } else { off.insert(step) }
        let now = sample.reached(off: off)
        #expect(Set(steps.filter(reach.isReached)) == now, "seed \(seed)")
        #expect(changed == now.symmetricDifference(before).sorted(), "seed \(seed)")
        #expect(reach.reachedCount == now.count)
        changes += changed.count
        before = now
      }
    }
    #expect(changes > 3_000, "the switches are not idle")
  }

  @Test func viabilityAndNecessityAreGreatestFixpoints() {
    let base: UInt64 = 1_312
    var lost = 0
    for round in 0..<400 {
      let seed = base + UInt64(round)
      let sample = Case(seed: seed)
      let graph = sample.graph
      let enabled = graph.enabledDefenses()
      let viable = graph.viableSteps(enabled: enabled)
      let necessary = graph.necessarySteps(enabled: enabled)
      // mal-simulator's rules, applied to everything until nothing changes.
      var isViable = sample.kinds.map { _ in true }
      var isNecessary = isViable
      for _ in 0...sample.kinds.count {
        for (step, kind) in sample.kinds.enumerated() {
          let parents = sample.parents[step]
          switch kind {
          case .defense:
            isViable[step] = !enabled.contains(step)
            isNecessary[step] = enabled.contains(step)
          case .exist, .notExist:
            isViable[step] = graph.isViable(step)
            isNecessary[step] = !graph.isViable(step)
          case .or:
            isViable[step] =
              graph.probability(of: step) > 0
              && (parents.isEmpty || parents.contains { isViable[$0] })
            isNecessary[step] = parents.isEmpty || parents.allSatisfy { isNecessary[$0] }
          case .and:
            isViable[step] = graph.probability(of: step) > 0 && parents.allSatisfy { isViable[$0] }
            isNecessary[step] = parents.isEmpty || parents.contains { isNecessary[$0] }
          }
        }
      }
      #expect(sample.kinds.indices.map { viable.contains($0) } == isViable, "seed \(seed)")
      #expect(sample.kinds.indices.map { necessary.contains($0) } == isNecessary, "seed \(seed)")
      lost += isViable.count { !$0 } + isNecessary.count { !$0 }
    }
    #expect(lost > 1_000)
  }
}

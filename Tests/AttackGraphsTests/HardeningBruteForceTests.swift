import AttackGraphs
import EngineSupport
import Testing

/// Hardening against every subset of the controls of small random graphs, with cycles, both fronts, and
/// controls on defences, steps and goals.
@Suite struct HardeningBruteForceTests {
  private static let seed: UInt64 = 20_264

  /// So that the first of several equally good sets is searched for, not picked from a list.
  private static let unlisted = HardeningProblem.Effort(tiesListed: 1)

  private func each(
    _ name: String, _ cases: Int,
    _ body: (String, HardeningProblem, HardeningFixtures.BruteForce) throws -> Void
  ) throws {
    for number in 0..<cases {
      var random = SeededRandom(seed: Self.seed).stream(named: name, number)
      let problem = try HardeningFixtures.random(&random)
      try body(
        "seed \(Self.seed) \(name) case \(number)", problem,
        HardeningFixtures.BruteForce(problem))
    }
  }

  @Test func unstoppableGoalsComeWithADerivationThatUsesNoControl() throws {
    var seen = 0
    try each("unstoppable", 3_000) { place, problem, truth in
      let unstoppable = problem.unstoppableGoals
      #expect(unstoppable.map(\.goal) == truth.unstoppable, "\(place)")
      for reason in unstoppable {
        let goal = problem.goals[reason.goal]
        let controls = Set(problem.controls.map(\.node))
        #expect(reason.derivation.allSatisfy { !controls.contains(Int($0)) }, "\(place)")
        #expect(
          problem.graph.derives(goal.node, within: reason.derivation, from: goal.fronts),
          "\(place)")
        seen += 1
      }
      #expect(problem.reachableGoals(with: []) == truth.reachableAtFirst, "\(place)")
    }
    #expect(seen > 300, "the cases are not trivial: \(seen)")
  }

  @Test func ownSearchFindsAllMinimalSets() throws {
    var seen = 0
    try each("own search", 5_000) { place, problem, truth in
      guard truth.unstoppable.isEmpty else { return }
      var search = HittingSearch(problem, branches: 100_000)
      let found = search.minimalSets()
      #expect(
        search.isComplete && found.map(\.controls) == truth.minimal.map(\.controls), "\(place)")
      #expect(found.map(\.cost) == truth.minimal.map(\.cost), "\(place)")
      if let cheapest = truth.minimal.first {
        #expect(problem.packingBound <= cheapest.cost, "\(place)")
      }
      if truth.minimal.count > 1 { seen += 1 }
    }
    #expect(seen > 300, "the cases are not trivial: \(seen)")
  }

  @Test(.enabled(if: ClaspProcess.isInstalled, "clasp is not installed"))
  func cheapestAndMinimalSetsAreThoseOfAllSubsets() throws {
    var seen = 0
    try each("clasp", 900) { place, problem, truth in
      let answer = try problem.cheapest(using: ClaspProcess())
      let all = try problem.minimalSets(limit: 1_000, using: ClaspProcess())
      guard case .found(let found) = answer else {
        #expect(!truth.unstoppable.isEmpty && all.completeness == .impossible, "\(place)")
        return
      }
      #expect(truth.unstoppable.isEmpty, "\(place)")
      #expect(found.set.controls == truth.minimal.first?.controls, "\(place)")
      #expect(found.isProven && found.isFirst && found.isConfirmed, "\(place)")
      #expect(all.sets.map(\.controls) == truth.minimal.map(\.controls), "\(place)")
      #expect(all.completeness == .complete && all.isConfirmed, "\(place)")
      guard
        case .found(let searched) = try problem.cheapest(
          using: ClaspProcess(), effort: Self.unlisted)
      else {
        Issue.record("\(place)")
        return
      }
      #expect(searched.set == found.set && searched.isFirst, "\(place)")
      if truth.minimal.count > 1 {
        let some = try problem.minimalSets(
          limit: truth.minimal.count - 1, using: ClaspProcess(), effort: Self.unlisted)
        #expect(some.sets == Array(all.sets.dropLast()), "\(place)")
        #expect(some.completeness == .limited, "\(place)")
        seen += 1
      }
    }
    #expect(seen > 50, "the cases are not trivial: \(seen)")
  }

  @Test(.enabled(if: ClaspProcess.isInstalled, "clasp is not installed"))
  func frontIsThatOfAllSubsets() throws {
    var seen = 0
    try each("front", 900) { place, problem, truth in
      let front = try problem.front(limit: 1_000, using: ClaspProcess())
      let expected = truth.front(problem.goals.map(\.weight))
      #expect(front.isComplete && front.points.allSatisfy(\.isFirst), "\(place)")
      #expect(front.points.map(\.set.controls) == expected.map(\.controls), "\(place)")
      #expect(front.points.map(\.reachableGoals) == expected.map(\.reachable), "\(place)")
      let searched = try problem.front(limit: 1_000, using: ClaspProcess(), effort: Self.unlisted)
      #expect(searched.points == front.points, "\(place)")
      if expected.count > 2 {
        let some = try problem.front(limit: 2, using: ClaspProcess())
        #expect(some.points == Array(front.points.prefix(2)) && !some.isComplete, "\(place)")
        seen += 1
      }
    }
    #expect(seen > 50, "the cases are not trivial: \(seen)")
  }

  @Test func chokePointsAreThoseOfLeavingOutEachNode() throws {
    var seen = 0
    for number in 0..<5_000 {
      var random = SeededRandom(seed: Self.seed).stream("choke points", number)
      let nodes = 3 + random.index(below: 14)
      let graph = AndOrGraphFixtures.random(&random, nodes: nodes)
      let goals = (0..<1 + random.index(below: 4)).map { _ in
        (
          node: random.index(below: nodes), fronts: Fronts(rawValue: UInt8(random.index(below: 4)))
        )
      }
      func reaches(_ index: Int, without off: Int) -> Bool {
        let set = HardeningFixtures.derived(graph, from: goals[index].fronts, without: off)
        return set >> goals[index].node & 1 == 1
      }
      let expected = (0..<nodes).map { node in
        (
          node: node,
          goals: goals.indices.filter {
            reaches($0, without: 0) && !reaches($0, without: 1 << node)
          }
        )
      }.filter { !$0.goals.isEmpty }.sorted {
        ($1.goals.count, $0.node) < ($0.goals.count, $1.node)
      }
      let found = graph.chokePoints(of: goals)
      #expect(found.map(\.node) == expected.map(\.node), "seed \(Self.seed) case \(number)")
      #expect(found.map(\.goals) == expected.map(\.goals), "seed \(Self.seed) case \(number)")
      if found.count > 3 { seen += 1 }
    }
    #expect(seen > 500, "the cases are not trivial: \(seen)")
  }
}

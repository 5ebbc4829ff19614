import AttackGraphs
import EngineSupport
import Testing

/// The search against every subset of small random graphs, with cycles, shared parts and both fronts.
@Suite struct PathSearchBruteForceTests {
  private static let seed: UInt64 = 20_261
  private static let requirements: [Fronts] = [[], .network, .sensor, .both]

  private func each(
    _ cases: Int, _ body: (Int, AndOrGraph, Int, Fronts, AndOrGraphFixtures.BruteForce) -> Void
  ) {
    for number in 0..<cases {
      var random = SeededRandom(seed: Self.seed).stream("path search", number)
      let nodes = 4 + random.index(below: 6)
      let graph = AndOrGraphFixtures.random(&random, nodes: nodes)
      let goal = random.index(below: 4) == 0 ? random.index(below: nodes) : 0
      for fronts in Self.requirements {
        body(
          number, graph, goal, fronts,
          AndOrGraphFixtures.BruteForce(graph, goal: goal, needing: fronts))
      }
    }
  }

  @Test func wholeListIsTheSame() {
    var total = 0
    var withBoth = 0
    each(2_000) { number, graph, goal, fronts, expected in
      let found = PathSearchEngine.search(
        graph, goal: goal, needing: fronts, limit: 1_000, expansionLimit: 100_000)
      let place = "seed \(Self.seed) case \(number) needing \(fronts.rawValue)"
      #expect(found.paths.map(\.nodes) == expected.paths.map(\.nodes), "\(place)")
      for (path, truth) in zip(found.paths, expected.paths) {
        #expect(abs(path.cost - truth.cost) < 1e-9, "\(place)")
      }
      #expect(found.isComplete && found.bound == .infinity, "\(place)")
      total += expected.paths.count
      if fronts == .both { withBoth += expected.paths.count }
    }
    #expect(total > 1_000 && withBoth > 40, "the cases are not trivial: \(total), \(withBoth)")
  }

  @Test func limitsAreToldAndBoundsHold() {
    var stopped = 0
    each(200) { number, graph, goal, fronts, expected in
      for (limit, expansions) in [(1, 100_000), (2, 100_000), (1_000, 1), (1_000, 3), (1_000, 6)] {
        let found = PathSearchEngine.search(
          graph, goal: goal, needing: fronts, limit: limit, expansionLimit: expansions)
        let place =
          "seed \(Self.seed) case \(number) needing \(fronts.rawValue) limits \(limit), \(expansions)"
        #expect(found.paths.count <= limit && found.expansions <= expansions, "\(place)")
        let listed = Set(found.paths.map(\.nodes))
        let missing = expected.paths.filter { !listed.contains($0.nodes) }
        #expect(listed.isSubset(of: expected.paths.map(\.nodes)), "\(place)")
        for (path, truth) in zip(found.paths, expected.paths) {
          #expect(abs(path.cost - truth.cost) < 1e-9, "\(place)")
        }
        if found.isComplete {
          #expect(missing.isEmpty && found.bound == .infinity, "\(place)")
        } else {
          stopped += 1
          #expect(found.bound.isFinite, "\(place)")
          #expect(missing.allSatisfy { $0.cost >= found.bound - 1e-9 }, "\(place)")
          #expect(found.paths.allSatisfy { $0.cost <= found.bound + 1e-7 }, "\(place)")
        }
      }
    }
    #expect(stopped > 100, "limits were hit \(stopped) times")
  }

  @Test func aCeilingLeavesOutOnlyWhatIsDearer() {
    var cut = 0
    each(300) { number, graph, goal, fronts, expected in
      for ceiling in expected.paths.map({ $0.cost }) + [-1] {
        let found = PathSearchEngine.search(
          graph, goal: goal, needing: fronts, limit: 1_000, expansionLimit: 100_000,
          ceiling: ceiling + 1e-6)
        let place = "seed \(Self.seed) case \(number) needing \(fronts.rawValue) up to \(ceiling)"
        let listed = found.paths.map(\.nodes)
        #expect(listed == expected.paths.prefix(listed.count).map(\.nodes), "\(place)")
        let missing = expected.paths.dropFirst(listed.count)
        #expect(missing.allSatisfy { $0.cost > ceiling }, "\(place)")
        #expect(missing.isEmpty || !found.isComplete, "\(place)")
        #expect(missing.allSatisfy { $0.cost >= found.bound - 1e-9 }, "\(place)")
        if !missing.isEmpty { cut += 1 }
      }
    }
    #expect(cut > 100, "a list was cut \(cut) times")
  }

  @Test func derivationsAreWellFoundedAndUseEveryStep() {
    each(200) { number, graph, goal, fronts, _ in
      let found = PathSearchEngine.search(
        graph, goal: goal, needing: fronts, limit: 20, expansionLimit: 100_000)
      for path in found.paths {
        let place = "seed \(Self.seed) case \(number) needing \(fronts.rawValue)"
        let order = path.derivation.order
        #expect(order.sorted() == path.nodes && order.last == Int32(goal), "\(place)")
        var used: Set<Int32> = [Int32(goal)]
        for (index, node) in order.enumerated() {
          let chosen = path.derivation.chosenParents[index]
          used.formUnion(chosen)
          #expect(chosen.allSatisfy(order[..<index].contains), "\(place)")
          if graph.isEntry(Int(node), from: fronts) || graph.kinds[Int(node)] == .given {
            #expect(chosen.isEmpty, "\(place)")
          } else if graph.kinds[Int(node)] == .and {
            #expect(chosen == Array(graph.parents(of: Int(node))), "\(place)")
          } else {
            #expect(
              chosen.count == 1 && chosen.allSatisfy(graph.parents(of: Int(node)).contains),
              "\(place)")
          }
        }
        #expect(used.count == order.count, "\(place)")
      }
    }
  }

  @Test func reachabilityIsWhetherAPathExists() {
    each(400) { number, graph, goal, fronts, expected in
      let reached = graph.reached(from: fronts)[goal]
      if !expected.paths.isEmpty { #expect(reached, "case \(number)") }
      let fewer: [Fronts] = [[], .network, .sensor].filter {
        $0 != fronts && fronts.isSuperset(of: $0)
      }
      if reached && fewer.allSatisfy({ !graph.reached(from: $0)[goal] }) {
        #expect(!expected.paths.isEmpty, "case \(number)")
      }
    }
  }
}

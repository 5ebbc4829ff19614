import EngineSupport
import Testing

@testable import AttackGraphs

/// The lists of derivations against all derivations of small random graphs, with cycles, shared parts and
/// both fronts.
@Suite struct DerivationBruteForceTests {
  private static let seed: UInt64 = 3_141
  private static let demands: [FrontDemand] = [
    .within([]), .within(.network), .within(.both), .exactly([]), .exactly(.network),
    .exactly(.sensor), .exactly(.both),
  ]

  private func each(
    _ cases: Int, _ body: (String, AndOrGraph, Int, FrontDemand, DerivationBruteForce) -> Void
  ) {
    for number in 0..<cases {
      var random = SeededRandom(seed: Self.seed).stream("derivations", number)
      let nodes = 4 + random.index(below: 6)
      let graph =
        number % 4 == 0
        ? AndOrGraphFixtures.randomAlternatives(&random, nodes: nodes)
        : AndOrGraphFixtures.random(&random, nodes: nodes)
      let goal = random.index(below: 4) == 0 ? random.index(below: nodes) : 0
      for demand in Self.demands {
        body(
          "seed \(Self.seed) case \(number) \(demand)", graph, goal, demand,
          DerivationBruteForce(graph, goal: goal, demand: demand))
      }
    }
  }

  private func chosen(_ derivation: AndOrGraph.Derivation) -> [Int32: [Int32]] {
    Dictionary(zip(derivation.order, derivation.chosenParents)) { first, _ in first }
  }

  /// Each list as its own engine gives it, without the short way for graphs of OR nodes only.
  private func list(
    _ graph: AndOrGraph, _ goal: Int, _ demand: FrontDemand,
    _ measure: DerivationCosts.Measure, limit: Int, expansions: Int
  ) -> DerivationSearch {
    guard let problem = PathSearchProblem(graph, goal: goal, demand: demand) else {
      return DerivationSearch()
    }
    return switch measure {
    case .setCost:
      DerivationSearch.bySetCost(
        problem, graph, goal, demand, nil, limit: limit, expansionLimit: expansions)
    case .treeCost:
      DerivationSearch.byTreeCost(
        problem, graph, demand, nil, limit: limit, expansionLimit: expansions)
    }
  }

  @Test(arguments: DerivationCosts.Measure.allCases)
  func wholeListIsTheSame(_ measure: DerivationCosts.Measure) {
    var total = 0
    var withBoth = 0
    var repeated = 0
    each(2_000) { place, graph, goal, demand, expected in
      let search = list(graph, goal, demand, measure, limit: 100_000, expansions: 100_000)
      #expect(search.statement == .complete, "\(place)")
      let sorted = expected.derivations.map { measure == .setCost ? $0.setCost : $0.treeCost }
        .sorted()
      #expect(search.found.count == sorted.count, "\(place)")
      for (found, cost) in zip(search.found, sorted) {
        #expect(abs(found.costs.listed - cost) < 1e-9, "\(place)")
        #expect(found.costs.listedBy == measure, "\(place)")
      }
      let truth = Dictionary(expected.derivations.map { ($0.chosen, $0) }) { first, _ in first }
      let least = expected.derivations.map(\.setCost).min()
      for found in search.found {
        let same = truth[chosen(found.derivation)]
        #expect(same != nil, "\(place)")
        #expect(abs(found.costs.setCost - (same?.setCost ?? -1)) < 1e-9, "\(place)")
        #expect(abs(found.costs.treeCost - (same?.treeCost ?? -1)) < 1e-9, "\(place)")
        #expect(found.costs.treeCost >= found.costs.setCost, "\(place)")
        if found.costs.treeCost > found.costs.setCost + 1e-9 { repeated += 1 }
        if let minimum = found.costs.provenMinimum {
          #expect(abs(minimum - (least ?? -1)) < 1e-9, "\(place)")
        }
      }
      #expect(Set(search.found.map { chosen($0.derivation) }).count == sorted.count, "\(place)")
      total += sorted.count
      if demand == .exactly(.both) { withBoth += sorted.count }
    }
    #expect(total > 5_000 && withBoth > 100 && repeated > 500, "\(total) \(withBoth) \(repeated)")
  }

  @Test(arguments: DerivationCosts.Measure.allCases)
  func limitsAreToldAndBoundsHold(_ measure: DerivationCosts.Measure) {
    var stopped = 0
    var bounded = 0
    each(300) { place, graph, goal, demand, expected in
      for (limit, expansions) in [
        (1, 100_000), (3, 100_000), (1_000, 1), (1_000, 3), (1_000, 6), (2, 8),
      ] {
        let search = list(graph, goal, demand, measure, limit: limit, expansions: expansions)
        let place = "\(place) limits \(limit), \(expansions)"
        #expect(search.found.count <= limit && search.expansions <= expansions, "\(place)")
        let listed = Set(search.found.map { chosen($0.derivation) })
        #expect(listed.isSubset(of: Set(expected.derivations.map(\.chosen))), "\(place)")
        let costs = expected.derivations.map { measure == .setCost ? $0.setCost : $0.treeCost }
        for (found, cost) in zip(search.found, costs.sorted()) {
          #expect(abs(found.costs.listed - cost) < 1e-7, "\(place)")
        }
        let missing = expected.derivations.filter { !listed.contains($0.chosen) }
          .map { measure == .setCost ? $0.setCost : $0.treeCost }
        switch search.statement {
        case .complete: #expect(missing.isEmpty, "\(place)")
        case .completeUpTo(let bound):
          bounded += 1
          #expect(search.found.count == limit, "\(place)")
          #expect(missing.allSatisfy { $0 >= bound - 1e-9 }, "\(place)")
        case .stopped(let reached, let bound):
          stopped += 1
          #expect(search.found.count < limit && reached == .expansions, "\(place)")
          #expect(missing.allSatisfy { $0 >= bound - 1e-9 }, "\(place)")
        }
        #expect(
          search.found.allSatisfy { $0.costs.listed <= search.statement.bound + 1e-7 }, "\(place)")
      }
    }
    #expect(stopped > 300 && bounded > 300, "\(stopped) \(bounded)")
  }

  @Test func withoutJoinsBothListsAreTheSimplePaths() {
    var total = 0
    for number in 0..<1_500 {
      var random = SeededRandom(seed: Self.seed).stream("alternatives", number)
      let graph = AndOrGraphFixtures.randomAlternatives(
        &random, nodes: 4 + random.index(below: 5))
      for demand in Self.demands {
        let place = "seed \(Self.seed) case \(number) \(demand)"
        let expected = DerivationBruteForce(graph, goal: 0, demand: demand).derivations
          .sorted { $0.setCost < $1.setCost }
        for limit in [3, 1_000] {
          let paths = ShortestSimplePaths.search(
            graph, goal: 0, from: .standing(demand), limit: limit)
          #expect(paths.paths.count == min(limit, expected.count), "\(place)")
          #expect(paths.statement.isComplete == (expected.count <= limit), "\(place)")
          for measure in DerivationCosts.Measure.allCases {
            let direct = list(graph, 0, demand, measure, limit: limit, expansions: 100_000)
            let short = DerivationSearch.search(
              graph, goal: 0, for: demand, by: measure, limit: limit)
            #expect(direct.found.count == paths.paths.count, "\(place)")
            for (index, path) in paths.paths.enumerated() {
              #expect(abs(path.cost - expected[index].setCost) < 1e-9, "\(place)")
              #expect(abs(direct.found[index].costs.listed - path.cost) < 1e-9, "\(place)")
              #expect(short.found[index].derivation.order == path.nodes, "\(place)")
            }
            if limit == 1_000 {
              #expect(
                Set(direct.found.map(\.nodes)) == Set(paths.paths.map { $0.nodes.sorted() }),
                "\(place)")
            }
          }
        }
        total += expected.count
      }
    }
    #expect(total > 3_000, "\(total)")
  }

  @Test func minimumIsProvedOnRequestForTheTreeList() {
    var proved = 0
    each(300) { place, graph, goal, demand, expected in
      let search = DerivationSearch.search(
        graph, goal: goal, for: demand, by: .treeCost, limit: 4, minimumExpansions: 10_000)
      let least = expected.derivations.map(\.setCost).min()
      for found in search.found {
        proved += 1
        #expect(abs((found.costs.provenMinimum ?? -1) - (least ?? -2)) < 1e-9, "\(place)")
        #expect((found.costs.provenMinimum ?? 0) <= found.costs.setCost + 1e-9, "\(place)")
        #expect(found.costs.setCost <= found.costs.treeCost + 1e-9, "\(place)")
      }
    }
    #expect(proved > 300)
  }
}

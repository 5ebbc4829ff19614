import EngineSupport
import Testing

@testable import AttackGraphs

/// Lists of derivations on graphs of known shape and larger size: closed forms, the three costs, counted work.
@Suite struct DerivationShapeTests {
  @Test func sharedStepsCountOnceOrEachTime() throws {
    // goal = a & b; a and b each rest on a private step of cost 3 or on one shared step of cost 5.
    let parents: [[Int32]] = [[1, 2], [3, 5], [4, 5], [6], [6], [6], []]
    let graph = AndOrGraph(
      kinds: [.and, .or, .or, .or, .or, .or, .or], costs: [0, 0, 0, 3, 3, 5, 0],
      entryFronts: [[], [], [], [], [], [], .sensor]
    ) { parents[$0] }
    let bySet = DerivationSearch.search(
      graph, goal: 0, for: .exactly(.sensor), by: .setCost, limit: 10)
    #expect(bySet.found.map(\.costs.setCost) == [5, 6, 8, 8])
    #expect(bySet.found.map(\.costs.treeCost) == [10, 6, 8, 8])
    #expect(bySet.statement == .complete)
    let byTree = DerivationSearch.search(
      graph, goal: 0, for: .exactly(.sensor), by: .treeCost, limit: 10, minimumExpansions: 50)
    #expect(byTree.found.map(\.costs.treeCost) == [6, 8, 8, 10])
    #expect(byTree.found.map(\.costs.setCost) == [6, 8, 8, 5])
    #expect(byTree.found.map(\.costs.provenMinimum) == [5, 5, 5, 5])
    #expect(byTree.found.map(\.costs.listed) == [6, 8, 8, 10])
    let unproved = DerivationSearch.search(
      graph, goal: 0, for: .exactly(.sensor), by: .treeCost, limit: 1)
    #expect(unproved.found.map(\.costs.provenMinimum) == [nil])
    #expect(unproved.statement == .completeUpTo(bound: 8))
  }

  @Test func treesThatDoubleInEachLayerStayFinite() throws {
    // Layer k is AND of two OR nodes that both rest on layer k + 1: the tree has 2^k copies of it.
    let layers = 1_500
    var kinds: [AndOrGraph.Kind] = []
    var parents: [[Int32]] = []
    for layer in 0..<layers {
      let first = Int32(3 * layer)
      kinds += [.and, .or, .or]
      parents += [[first + 1, first + 2], [first + 3], [first + 3]]
    }
    kinds.append(.or)
    parents.append([])
    func graph(_ top: Int) -> AndOrGraph {
      AndOrGraph(
        kinds: kinds, costs: [Double](repeating: 1, count: kinds.count),
        entryFronts: kinds.indices.map { $0 == 3 * layers ? .network : [] }
      ) { parents[$0] }
    }
    let whole = graph(0)
    let small = DerivationSearch.search(
      whole, goal: 3 * (layers - 10), for: .within(.network), by: .treeCost, limit: 2)
    #expect(small.found.map(\.costs.treeCost) == [3 * Double((1 << 10) - 1)])
    #expect(small.found.map(\.costs.setCost) == [30])
    let large = DerivationSearch.search(
      whole, goal: 0, for: .within(.network), by: .treeCost, limit: 2)
    #expect(large.found.map(\.costs.treeCost) == [.greatestFiniteMagnitude])
    #expect(large.found.map(\.costs.setCost) == [Double(3 * layers)])
    #expect(large.statement == .complete)
  }

  @Test func costsOfTheCallerReplaceThoseOfTheGraph() {
    let parents: [[Int32]] = [[1, 2], [3], [3], []]
    let graph = AndOrGraph(
      kinds: [.or, .or, .or, .or], costs: [0, 1, 2, 0],
      entryFronts: [[], [], [], .network]
    ) { parents[$0] }
    for measure in DerivationCosts.Measure.allCases {
      let own = DerivationSearch.search(
        graph, goal: 0, for: .within(.network), by: measure, limit: 5)
      #expect(own.found.map(\.nodes) == [[0, 1, 3], [0, 2, 3]])
      let other = DerivationSearch.search(
        graph, goal: 0, for: .within(.network), by: measure, costs: [4, 7, 5, 9], limit: 5)
      #expect(other.found.map(\.nodes) == [[0, 2, 3], [0, 1, 3]])
      #expect(other.found.map(\.costs.listed) == [9, 11])
    }
    let sets = PathSearchEngine.search(
      graph, goal: 0, needing: .network, costs: [4, 7, 5, 9], limit: 5, expansionLimit: 9)
    #expect(sets.paths.map(\.cost) == [9, 11])
  }

  @Test func anAndNodeThatCannotBeDerivedIsNoShortCut() {
    // 1 needs a node without parents; the short way over it must not be taken for a path.
    let parents: [[Int32]] = [[1, 2], [3, 4], [3], [], []]
    let graph = AndOrGraph(
      kinds: [.or, .and, .or, .or, .or], costs: [0, 1, 5, 0, 0],
      entryFronts: [[], [], [], .network, []]
    ) { parents[$0] }
    for measure in DerivationCosts.Measure.allCases {
      let search = DerivationSearch.search(
        graph, goal: 0, for: .exactly(.network), by: measure, limit: 5)
      #expect(search.found.map(\.nodes) == [[0, 2, 3]] && search.statement == .complete)
    }
    let loose = ShortestSimplePaths.search(
      graph, goal: 0, from: .standing(.within(.network)), limit: 5)
    #expect(loose.paths.map(\.nodes) == [[3, 1, 0], [3, 2, 0]], "alternatives only, on purpose")
  }

  @Test(arguments: [(2, 5), (6, 40)])
  func aPlantIsListedInFewStates(zones: Int, hosts: Int) {
    let (graph, goal) = AndOrGraphFixtures.plant(zones: zones, hosts: hosts)
    for demand in [FrontDemand.exactly(.network), .within(.both), .exactly(.both)] {
      let trees = DerivationSearch.search(
        graph, goal: goal, for: demand, by: .treeCost, limit: 10, expansionLimit: 2_000)
      #expect(trees.found.count == 10 && trees.expansions < 1_000, "\(trees.expansions)")
      let sets = DerivationSearch.search(
        graph, goal: goal, for: demand, by: .setCost, limit: 10, expansionLimit: 5_000)
      #expect(sets.found.count == 10 && sets.expansions < 2_000, "\(sets.expansions)")
      let minimal = PathSearchEngine.search(
        graph, goal: goal, needing: demand.fronts, limit: 1, expansionLimit: 5_000)
      if case .exactly = demand {
        #expect(minimal.paths.first?.cost ?? 0 >= sets.found.first?.costs.setCost ?? 1)
      }
      for search in [trees, sets] {
        #expect(search.found.map(\.costs.listed) == search.found.map(\.costs.listed).sorted())
        for found in search.found {
          #expect(found.costs.setCost <= found.costs.treeCost)
          #expect(sets.found[0].costs.setCost <= found.costs.setCost)
          #expect(trees.found[0].costs.treeCost <= found.costs.treeCost)
          #expect(graph.derives(goal, within: found.nodes, from: demand.fronts))
        }
      }
    }
  }

  @Test func whatCannotNeedBothFrontsIsDroppedEarly() {
    // A ladder of network steps, each with two ways; the sensor only helps where the network does alone.
    let rungs = 40
    var kinds: [AndOrGraph.Kind] = [.or, .and]
    var parents: [[Int32]] = [[1, 4], [2, 4], [3], []]
    kinds += [.or, .or, .or]
    parents.append([5, 6])
    for rung in 0..<rungs {
      let next = Int32(4 + 3 * (rung + 1))
      kinds += [.or, .or, .or]
      parents += [[next], [next]]
      parents.append(rung + 1 < rungs ? [next + 1, next + 2] : [])
    }
    let count = kinds.count
    let graph = AndOrGraph(
      kinds: kinds, costs: (0..<count).map { Double($0 % 5) / 4 },
      entryFronts: (0..<count).map { $0 == 3 ? .sensor : $0 == count - 1 ? .network : [] }
    ) { parents[$0] }
    let search = PathSearchEngine.search(
      graph, goal: 0, needing: .both, limit: 5, expansionLimit: 1_000)
    #expect(search.paths.isEmpty && search.isComplete && search.expansions < 100)
  }
}

import AttackGraphs
import EngineSupport

/// All derivations of small AND/OR graphs, and all simple paths, worked out the slow way.
struct DerivationBruteForce {
  struct Derivation: Hashable {
    /// Chosen parents by node: none for sources, one for OR nodes, all for AND nodes.
    var chosen: [Int32: [Int32]]
    var setCost: Double
    var treeCost: Double

    var nodes: [Int32] { chosen.keys.sorted() }
  }

  private(set) var derivations: [Derivation] = []
  private let graph: AndOrGraph
  private let demand: FrontDemand
  private let asAlternatives: Bool

  init(
    _ graph: AndOrGraph, goal: Int, demand: FrontDemand, alternativesOnly: Bool = false
  ) {
    self.graph = graph
    self.demand = demand
    asAlternatives = alternativesOnly
    var chosen: [Int32: [Int32]] = [:]
    extend(&chosen, waiting: [Int32(goal)], goal: Int32(goal))
  }

  private func isSource(_ node: Int32) -> Bool {
    graph.kinds[Int(node)] == .given || graph.isEntry(Int(node), from: demand.fronts)
  }

  private mutating func extend(_ chosen: inout [Int32: [Int32]], waiting: [Int32], goal: Int32) {
    var waiting = waiting
    while let node = waiting.popLast() {
      guard chosen[node] == nil else { continue }
      let own = Array(graph.parents(of: Int(node)))
      if isSource(node) {
        chosen[node] = []
      } else if graph.kinds[Int(node)] == .and && !asAlternatives {
        guard !own.isEmpty else { return }
        chosen[node] = own
        waiting += own
      } else {
        for parent in own {
          var branch = chosen
          branch[node] = [parent]
          extend(&branch, waiting: waiting + [parent], goal: goal)
        }
        return
      }
    }
    complete(chosen, goal)
  }

  private mutating func complete(_ chosen: [Int32: [Int32]], _ goal: Int32) {
    var trees: [Int32: Double] = [:]
    var isChanged = true
    while isChanged {
      isChanged = false
      for (node, parents) in chosen where trees[node] == nil {
        let known = parents.compactMap { trees[$0] }
        guard known.count == parents.count else { continue }
        trees[node] = known.reduce(cost(node), +)
        isChanged = true
      }
    }
    guard trees.count == chosen.count else { return }
    if case .exactly(let fronts) = demand {
      let fewer: [Fronts] = [[], .network, .sensor].filter {
        $0 != fronts && fronts.isSuperset(of: $0)
      }
      let sources = chosen.filter { $0.value.isEmpty }.map(\.key)
      let isTooMuch = fewer.contains { fronts in
        sources.allSatisfy {
          graph.kinds[Int($0)] == .given || graph.isEntry(Int($0), from: fronts)
        }
      }
      if isTooMuch { return }
    }
    derivations.append(
      Derivation(
        chosen: chosen, setCost: chosen.keys.sorted().reduce(0) { $0 + cost($1) },
        treeCost: trees[goal] ?? 0))
  }

  private func cost(_ node: Int32) -> Double {
    graph.isEntry(Int(node), from: demand.fronts) ? 0 : graph.costs[Int(node)]
  }
}

extension AndOrGraphFixtures {
  /// OR nodes with cycles, costs of nothing and ties; the last nodes are ways in or given.
  static func randomAlternatives(_ random: inout SeededRandom, nodes: Int) -> AndOrGraph {
    let hasTies = random.index(below: 2) == 0
    var kinds: [AndOrGraph.Kind] = []
    var fronts: [Fronts] = []
    var costs: [Double] = []
    for node in 0..<nodes {
      let isLate = node > nodes / 2
      kinds.append(isLate && random.index(below: 6) == 0 ? .given : .or)
      let draw = isLate || random.index(below: 8) == 0 ? random.index(below: 5) : 5
      fronts.append(draw == 0 ? .network : draw == 1 ? .sensor : draw == 2 ? .both : [])
      costs.append(hasTies ? Double(random.index(below: 3)) : random.uniform() * 3)
    }
    var parents: [[Int32]] = []
    for _ in 0..<nodes {
      parents.append(
        (0..<random.index(below: 5)).map { _ in Int32(random.index(below: nodes)) })
    }
    return AndOrGraph(kinds: kinds, costs: costs, entryFronts: fronts) { parents[$0] }
  }
}

import AttackGraphs
import EngineSupport

/// Small AND/OR graphs for tests, and what they derive worked out the slow way.
enum AndOrGraphFixtures {
  /// Every second graph has whole costs 0…3, so that many sets tie. Node 0 is never an entry: a good goal.
  static func random(_ random: inout SeededRandom, nodes: Int) -> AndOrGraph {
    var kinds: [AndOrGraph.Kind] = []
    var costs: [Double] = []
    var fronts: [Fronts] = []
    var parents: [[Int32]] = []
    let hasTies = random.index(below: 2) == 0
    // Every second graph has few alternatives and a goal that joins two branches, so that often neither
    // front alone leads there.
    let isJoined = random.index(below: 2) == 0
    for node in 0..<nodes {
      // The last nodes are mostly ways in, the first ones mostly steps; node 0 is always a step.
      let isLate = node > 0 && random.index(below: nodes) < node
      let draw = random.index(below: isLate ? 20 : 17)
      kinds.append(
        isJoined && node == 0
          ? .and : draw < 9 ? .or : draw < 17 ? .and : draw < 19 ? .given : .blocked)
      costs.append(hasTies ? Double(random.index(below: 4)) : random.uniform() * 3)
      let entry = isLate || (isJoined && node + 3 > nodes) ? random.index(below: 12) : 12
      fronts.append(entry < 4 ? .network : entry < 8 ? .sensor : entry == 8 ? .both : [])
      // Parents mostly later, else anywhere, so cycles are common; a name may come twice.
      parents.append(
        (0..<1 + random.index(below: isJoined ? 2 : 4)).map { _ in
          let start = node + 1 < nodes && random.index(below: 3) > 0 ? node + 1 : 0
          return Int32(start + random.index(below: nodes - start))
        })
      if isJoined && node == 0 { parents[0] = [1, 2] }
    }
    return AndOrGraph(kinds: kinds, costs: costs, entryFronts: fronts) { parents[$0] }
  }

  /// All minimal sets that need exactly the fronts, by trying every subset of the nodes.
  struct BruteForce {
    var paths: [(nodes: [Int32], cost: Double)]

    init(_ graph: AndOrGraph, goal: Int, needing fronts: Fronts) {
      let count = graph.count
      func derives(_ set: Int, _ fronts: Fronts) -> Bool {
        var derived = 0
        var isChanged = true
        while isChanged {
          isChanged = false
          for node in 0..<count where set >> node & 1 == 1 && derived >> node & 1 == 0 {
            let own = graph.parents(of: node)
            let holds =
              switch graph.kinds[node] {
              case .given: true
              case .blocked: false
              case .or: own.contains { derived >> Int($0) & 1 == 1 }
              case .and: !own.isEmpty && own.allSatisfy { derived >> Int($0) & 1 == 1 }
              }
            if holds || graph.isEntry(node, from: fronts) {
              derived |= 1 << node
              isChanged = true
            }
          }
        }
        return derived >> goal & 1 == 1
      }
      let deriving = (0..<(1 << count)).map { $0 >> goal & 1 == 1 && derives($0, fronts) }
      paths = []
      for set in deriving.indices where deriving[set] {
        let isMinimal = (0..<count).allSatisfy {
          set >> $0 & 1 == 0 || !deriving[set & ~(1 << $0)]
        }
        let fewer: [Fronts] = [[], .network, .sensor].filter {
          $0 != fronts && fronts.isSuperset(of: $0)
        }
        guard isMinimal, fewer.allSatisfy({ !derives(set, $0) }) else { continue }
        let nodes = (0..<count).filter { set >> $0 & 1 == 1 }
        let cost = nodes.reduce(0) {
          $0 + (graph.isEntry($1, from: fronts) ? 0 : graph.costs[$1])
        }
        paths.append((nodes.map { Int32($0) }, cost))
      }
      paths.sort {
        if abs($0.cost - $1.cost) > 1e-9 { return $0.cost < $1.cost }
        if $0.nodes.count != $1.nodes.count { return $0.nodes.count < $1.nodes.count }
        return $0.nodes.lexicographicallyPrecedes($1.nodes)
      }
    }
  }
}

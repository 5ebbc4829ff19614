import AttackGraphs
import EngineSupport
import Testing

/// The k shortest simple paths against all simple paths of small graphs, and on graphs of known shape.
@Suite struct ShortestSimplePathsTests {
  private static let seed: UInt64 = 2_718

  /// All simple paths from a start to the goal that pass over no other start, with their cost.
  private func allPaths(
    _ graph: AndOrGraph, goal: Int32, starts: Set<Int32>, edgeCosts: [Double]?
  ) -> [(nodes: [Int32], cost: Double)] {
    var result: [(nodes: [Int32], cost: Double)] = []
    func extend(_ path: [Int32], _ cost: Double) {
      guard let node = path.last else { return }
      if starts.contains(node) {
        result.append((path.reversed(), cost))
        return
      }
      let offset = Int(graph.parentOffsets[Int(node)])
      for (index, parent) in graph.parents(of: Int(node)).enumerated()
      where !path.contains(parent) {
        let step =
          edgeCosts.map { $0[offset + index] }
          ?? (starts.contains(parent) ? 0 : graph.costs[Int(parent)])
        extend(path + [parent], cost + step)
      }
    }
    let own = edgeCosts == nil && !starts.contains(goal) ? graph.costs[Int(goal)] : 0
    extend([goal], own)
    return result.sorted {
      if abs($0.cost - $1.cost) > 1e-9 { return $0.cost < $1.cost }
      if $0.nodes.count != $1.nodes.count { return $0.nodes.count < $1.nodes.count }
      return $0.nodes.lexicographicallyPrecedes($1.nodes)
    }
  }

  @Test(arguments: [false, true])
  func equalsAllSimplePaths(overEdges: Bool) {
    var total = 0
    for number in 0..<3_000 {
      var random = SeededRandom(seed: Self.seed).stream("simple paths", number)
      // AND nodes count as OR nodes here.
      let nodes = 3 + random.index(below: 7)
      let graph =
        number % 2 == 0
        ? AndOrGraphFixtures.random(&random, nodes: nodes)
        : AndOrGraphFixtures.randomAlternatives(&random, nodes: nodes)
      let edges = graph.parents.map { _ in
        number % 3 == 0 ? Double(random.index(below: 3)) : random.uniform()
      }
      let starts = Set(
        (0..<1 + random.index(below: 2)).map { _ in Int32(random.index(below: nodes)) })
      let goal = random.index(below: nodes)
      let place = "seed \(Self.seed) case \(number)"
      let expected = allPaths(
        graph, goal: Int32(goal), starts: starts, edgeCosts: overEdges ? edges : nil)
      for limit in [1, 2, 5, 10_000] {
        let found = ShortestSimplePaths.search(
          graph, goal: goal, from: .nodes(starts.sorted()), edgeCosts: overEdges ? edges : nil,
          limit: limit)
        #expect(found.paths.count == min(limit, expected.count), "\(place)")
        for (path, truth) in zip(found.paths, expected) {
          #expect(abs(path.cost - truth.cost) < 1e-9, "\(place)")
        }
        #expect(Set(found.paths).count == found.paths.count, "\(place)")
        if expected.count <= limit {
          #expect(found.paths.map(\.nodes) == expected.map(\.nodes), "\(place)")
          #expect(found.statement == .complete, "\(place)")
        } else {
          let next = expected[limit].cost
          guard case .completeUpTo(let bound) = found.statement else {
            Issue.record("\(place): \(found.statement)")
            continue
          }
          #expect(abs(bound - next) < 1e-9, "the bound is the cost of the next path, \(place)")
        }
      }
      total += expected.count
    }
    #expect(total > 3_000, "\(total)")
  }

  @Test func workLimitIsTold() {
    var stopped = 0
    for number in 0..<200 {
      var random = SeededRandom(seed: Self.seed).stream("work", number)
      let graph = AndOrGraphFixtures.randomAlternatives(&random, nodes: 9)
      let expected = allPaths(graph, goal: 0, starts: [8], edgeCosts: nil)
      for work in [0, 30, 60, 120] {
        let found = ShortestSimplePaths.search(
          graph, goal: 0, from: .nodes([8]), limit: 1_000, workLimit: work)
        let listed = Set(found.paths.map(\.nodes))
        let missing = expected.filter { !listed.contains($0.nodes) }
        #expect(missing.allSatisfy { $0.cost >= found.statement.bound - 1e-9 }, "case \(number)")
        if case .stopped(let limit, _) = found.statement {
          stopped += 1
          #expect(limit == .work)
        } else {
          #expect(missing.isEmpty && found.statement == .complete, "case \(number)")
        }
      }
    }
    #expect(stopped > 50, "\(stopped)")
  }

  /// `width` alternatives in each of `depth` layers.
  private func layers(_ depth: Int, width: Int, cost: (Int, Int) -> Double) -> AndOrGraph {
    let count = depth * width + 2
    var fronts = [Fronts](repeating: [], count: count)
    fronts[count - 1] = .network
    let costs = (0..<count).map { node in
      node == 0 || node == count - 1 ? 0 : cost((node - 1) / width, (node - 1) % width)
    }
    return AndOrGraph(
      kinds: [AndOrGraph.Kind](repeating: .or, count: count), costs: costs, entryFronts: fronts
    ) { node -> [Int32] in
      if node == count - 1 { return [] }
      let layer = node == 0 ? 0 : (node - 1) / width + 1
      return layer == depth
        ? [Int32(count - 1)] : (0..<width).map { Int32(1 + layer * width + $0) }
    }
  }

  @Test func layeredChoicesComeInOrderOfTheirSums() {
    let graph = layers(12, width: 2) { layer, place in Double(place << layer) }
    let found = ShortestSimplePaths.search(
      graph, goal: 0, from: .standing(.within(.network)), limit: 1_000)
    #expect(found.paths.map(\.cost) == (0..<1_000).map(Double.init))
    #expect(found.statement == .completeUpTo(bound: 1_000))
    let all = ShortestSimplePaths.search(
      graph, goal: 0, from: .standing(.within(.network)), limit: 5_000)
    #expect(all.paths.count == 4_096 && all.statement == .complete)
  }

  @Test func aPlateauOfTiesIsNotExhausted() {
    // 4^500 paths of equal cost; straight down each time.
    let graph = layers(500, width: 4) { _, _ in 0.1 }
    let found = ShortestSimplePaths.search(
      graph, goal: 0, from: .standing(.exactly(.network)), limit: 50)
    #expect(Set(found.paths.map(\.nodes)).count == 50)
    #expect(Set(found.paths.map(\.cost)).count == 1, "sums of tenths tie exactly")
    #expect(found.work < 2_000_000, "\(found.work)")
  }

  @Test func aLongChainWithAWayRoundEachStepIsLinearInEachPath() {
    // Chain 0 ← 1 ← 2 …, where each node can also be reached over a dearer side node.
    let length = 30_000
    let graph = AndOrGraph(
      kinds: [AndOrGraph.Kind](repeating: .or, count: 2 * length),
      costs: (0..<2 * length).map { $0 < length ? 0.25 : 0.5 + Double($0 % 97) },
      entryFronts: (0..<2 * length).map { $0 == length - 1 ? .network : [] }
    ) { node -> [Int32] in
      node < length
        ? (node + 1 < length ? [Int32(node + 1), Int32(node + length)] : [])
        : (node + 1 < 2 * length ? [Int32(node + 1 - length)] : [])
    }
    let found = ShortestSimplePaths.search(
      graph, goal: 0, from: .standing(.exactly(.network)), limit: 20)
    #expect(found.paths.count == 20 && found.work < 20_000_000, "\(found.work)")
    #expect(found.paths.map(\.cost) == found.paths.map(\.cost).sorted())
  }

  @Test func steppingRoundAListedPrefixDoesNotGoBackThroughIt() {
    // The cheap way from every node of the ring leads back over the listed path.
    let parents: [[Int32]] = [[1], [0, 2, 3], [1, 3], [1, 4], []]
    let graph = AndOrGraph(
      kinds: [.or, .or, .or, .or, .or], costs: [1, 1, 1, 1, 1],
      entryFronts: [[], [], [], [], .sensor]
    ) { parents[$0] }
    let found = ShortestSimplePaths.search(
      graph, goal: 0, from: .standing(.within(.both)), limit: 9)
    #expect(found.paths.map(\.nodes) == [[4, 3, 1, 0], [4, 3, 2, 1, 0]])
    #expect(found.statement == .complete)
  }
}

import AttackGraphs
import EngineSupport
import Testing

/// Graphs of known shape and larger size: closed forms, cycles meant to trap, and counted work.
@Suite struct PathSearchShapeTests {
  /// Layers of OR nodes, each resting on all of the layer before; node 0 is the goal, the last the entry.
  private func layers(_ depth: Int, width: Int, cost: (Int, Int) -> Double) -> AndOrGraph {
    let count = depth * width + 2
    func node(_ layer: Int, _ place: Int) -> Int { 1 + layer * width + place }
    var costs = [Double](repeating: 0, count: count)
    for layer in 0..<depth {
      for place in 0..<width { costs[node(layer, place)] = cost(layer, place) }
    }
    var fronts = [Fronts](repeating: [], count: count)
    fronts[count - 1] = .network
    return AndOrGraph(
      kinds: [AndOrGraph.Kind](repeating: .or, count: count), costs: costs, entryFronts: fronts
    ) { index -> [Int32] in
      if index == count - 1 { return [] }
      let layer = index == 0 ? 0 : (index - 1) / width + 1
      return layer == depth
        ? [Int32(count - 1)] : (0..<width).map { Int32(node(layer, $0)) }
    }
  }

  @Test func aChainCostsItsSum() {
    for length in [1, 2, 17, 3_000] {
      let graph = layers(length, width: 1) { layer, _ in 0.25 + Double(layer % 3) }
      let found = PathSearchEngine.search(
        graph, goal: 0, needing: .network, limit: 5, expansionLimit: 10)
      let expected = (0..<length).reduce(0) { $0 + 0.25 + Double($1 % 3) }
      #expect(found.paths.map(\.cost) == [expected])
      #expect(found.paths.first?.nodes.count == length + 2 && found.isComplete)
    }
  }

  @Test func layeredChoicesComeInOrderOfTheirSums() {
    // One node a layer, binary digits as costs: the paths cost 0, 1, 2, … exactly.
    let graph = layers(10, width: 2) { layer, place in Double(place << layer) }
    let found = PathSearchEngine.search(
      graph, goal: 0, needing: .network, limit: 40, expansionLimit: 5_000)
    #expect(found.paths.map(\.cost) == (0..<40).map(Double.init))
    #expect(!found.isComplete && found.bound >= 39 && found.bound <= 40)
  }

  @Test func aPlateauOfTiesIsNotExhausted() {
    // 4^200 paths of equal cost.
    let graph = layers(200, width: 4) { _, _ in 0.5 }
    let found = PathSearchEngine.search(
      graph, goal: 0, needing: .network, limit: 10, expansionLimit: 5_000)
    #expect(found.paths.count == 10)
    #expect(found.paths.allSatisfy { $0.cost == 100 } && found.bound == 100)
    #expect(Set(found.paths.map(\.nodes)).count == 10)
  }

  @Test func sharedStepsArePaidOnce() {
    // goal = a & b; a and b each rest on a private step of cost 3 or on one shared step of cost 5.
    let parents: [[Int32]] = [[1, 2], [3, 5], [4, 5], [6], [6], [6], []]
    let graph = AndOrGraph(
      kinds: [.and, .or, .or, .or, .or, .or, .or], costs: [0, 0, 0, 3, 3, 5, 0],
      entryFronts: [[], [], [], [], [], [], .sensor]
    ) { parents[$0] }
    let found = PathSearchEngine.search(
      graph, goal: 0, needing: .sensor, limit: 10, expansionLimit: 100)
    #expect(found.paths.map(\.cost) == [5, 6])
    #expect(found.paths.map(\.nodes) == [[0, 1, 2, 5, 6], [0, 1, 2, 3, 4, 6]])
    #expect(found.isComplete)
  }

  @Test func aRingWithoutAWayInIsNeverReached() {
    let kinds = [AndOrGraph.Kind](repeating: .or, count: 50)
    let ring = AndOrGraph(
      kinds: kinds, costs: [Double](repeating: 0, count: 50),
      entryFronts: [Fronts](repeating: [], count: 50)
    ) { [Int32(($0 + 1) % 50), Int32(($0 + 7) % 50)] }
    let found = PathSearchEngine.search(
      ring, goal: 0, needing: .both, limit: 5, expansionLimit: 100)
    #expect(found.paths.isEmpty && found.isComplete && found.expansions == 0)
    #expect(!ring.reached(from: .both).contains(true))
  }

  @Test func aFreeRingAroundADearWayInIsNotFollowedInCircles() {
    // 300 free OR nodes, each resting on every other and on its own dear entry.
    let count = 300
    let graph = AndOrGraph(
      kinds: [AndOrGraph.Kind](repeating: .or, count: 3 * count),
      costs: (0..<3 * count).map { $0 < count ? 0 : Double($0 % count) + 1 },
      entryFronts: (0..<3 * count).map { $0 < 2 * count ? [] : .network }
    ) { node -> [Int32] in
      node < count
        ? (0..<count).filter { $0 != node }.map { Int32($0) } + [Int32(node + count)]
        : node < 2 * count ? [Int32(node + count)] : []
    }
    let found = PathSearchEngine.search(
      graph, goal: 5, needing: .network, limit: 3, expansionLimit: 1_000)
    #expect(found.paths.map(\.cost) == [1, 2, 3])
    #expect(found.paths.first?.nodes == [0, 5, 300, 600])
  }

  @Test func pathsThatNeedBothFrontsAreNotDrownedByThoseThatDoNot() {
    // Cheap and many ways over the network; the joined way is dearer and needs a sensor as well.
    let parents: [[Int32]] = [[1, 2], (4..<24).map { Int32($0) }, [3, 24], [25]]
    let graph = AndOrGraph(
      kinds: [.or, .or, .and, .or] + [AndOrGraph.Kind](repeating: .or, count: 22),
      costs: [0, 0, 8, 1] + (0..<22).map { Double($0) / 10 },
      entryFronts: [Fronts](repeating: [], count: 24) + [.network, .sensor]
    ) { node -> [Int32] in node < 4 ? parents[node] : node < 24 ? [24] : [] }
    let both = PathSearchEngine.search(
      graph, goal: 0, needing: .both, limit: 5, expansionLimit: 100)
    #expect(both.paths.map(\.nodes) == [[0, 2, 3, 24, 25]])
    #expect(both.isComplete && both.expansions <= 3)
    let network = PathSearchEngine.search(
      graph, goal: 0, needing: .network, limit: 50, expansionLimit: 1_000)
    #expect(network.paths.count == 20 && network.isComplete)
  }

  @Test(arguments: [(2, 5, 139), (6, 40, 3_133)])
  func aPlantOfThousandsOfStepsIsSearchedInFewExpansions(zones: Int, hosts: Int, steps: Int) {
    let (graph, goal) = AndOrGraphFixtures.plant(zones: zones, hosts: hosts)
    #expect(graph.count == steps)
    let sensor = PathSearchEngine.search(
      graph, goal: goal, needing: .sensor, limit: 10, expansionLimit: 10)
    #expect(sensor.paths.isEmpty && sensor.isComplete)
    for fronts in [Fronts.network, .both] {
      let found = PathSearchEngine.search(
        graph, goal: goal, needing: fronts, limit: 10, expansionLimit: 5_000)
      #expect(found.paths.count == 10 && found.expansions < 2_000)
      #expect(found.paths.map(\.cost) == found.paths.map(\.cost).sorted())
      #expect(Set(found.paths.map(\.nodes)).count == 10)
      for path in found.paths {
        #expect(graph.isMinimal(path.nodes, for: goal, from: fronts))
        #expect(graph.needs(fronts, path.nodes, for: goal))
        #expect(path.cost <= found.bound + 1e-6)
      }
      let again = PathSearchEngine.search(
        graph, goal: goal, needing: fronts, limit: 10, expansionLimit: 5_000)
      #expect(again.paths.map(\.nodes) == found.paths.map(\.nodes))
    }
  }

  @Test func hostileSizesEndWithAStatement() {
    // AND nodes share most of what they rest on: the bound is far from the truth here.
    var random = SeededRandom(seed: 5)
    let count = 400
    let parents = (0..<count).map { node in
      (0..<6).map { _ in Int32(min(count - 1, node + 1 + random.index(below: 60))) }
    }
    let graph = AndOrGraph(
      kinds: (0..<count).map { $0 % 3 == 0 ? .and : .or },
      costs: (0..<count).map { _ in random.uniform() },
      entryFronts: (0..<count).map { $0 >= count - 20 ? .network : [] }
    ) { parents[$0] }
    let found = PathSearchEngine.search(
      graph, goal: 0, needing: .network, limit: 10, expansionLimit: 50)
    #expect(found.expansions <= 50)
    #expect(found.isComplete || found.bound.isFinite)
  }
}

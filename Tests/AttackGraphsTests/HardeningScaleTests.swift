import AttackGraphs
import EngineSupport
import Testing

/// A graph of the size of a plant's: 87,000 nodes, 120,000 edges and 3,000 defences that could be put in place.
@Suite struct HardeningScaleTests {
  /// A thousand assets of 87 steps: each is entered from its neighbours, and inside it steps follow one
  /// another, some of them only where a defence is absent.
  static func plant(
    seed: UInt64, assets: Int = 1_000, targets: Int = 5
  ) throws -> HardeningProblem {
    var random = SeededRandom(seed: seed)
    let size = 87
    var kinds: [AndOrGraph.Kind] = []
    var parents: [[Int32]] = []
    var controls: [HardeningProblem.Control] = []
    for asset in 0..<assets {
      let base = asset * size
      for step in 0..<size {
        let node = Int32(base + step)
        if step < 3 {
          kinds.append(.given)
          parents.append([])
          controls.append(.init(node: base + step, cost: 1 + random.index(below: 10)))
        } else if step == 3 {
          // Two or three neighbours close by and now and then one far away; the first asset is the way in.
          kinds.append(.or)
          parents.append(
            (0..<2 + random.index(below: 2)).map { _ in
              let other =
                random.index(below: 20) == 0
                ? random.index(below: assets)
                : (asset + assets - 15 + random.index(below: 31)) % assets
              return Int32(other * size + size - 1)
            })
        } else {
          let isGuarded = step == 4 || random.index(below: 12) == 0
          kinds.append(isGuarded || random.index(below: 8) == 0 ? .and : .or)
          var own = [node - 1]
          if isGuarded { own.append(Int32(base + (step == 4 ? 0 : random.index(below: 3)))) }
          if step > 5, random.index(below: 3) == 0 {
            own.append(Int32(base + 4 + random.index(below: step - 5)))
          }
          parents.append(own)
        }
      }
    }
    var entries = [Fronts](repeating: [], count: kinds.count)
    entries[3] = .network
    let graph = AndOrGraph(
      kinds: kinds, costs: [Double](repeating: 0, count: kinds.count), entryFronts: entries
    ) { parents[$0] }
    return try HardeningProblem(
      graph: graph, controls: controls,
      goals: (0..<targets).map {
        let asset = assets / 2 + $0 * 37 % (assets / 2)
        return .init(node: asset * size + size - 1, fronts: .network, weight: 1 + $0)
      })
  }

  @Test(.enabled(if: ClaspProcess.isInstalled, "clasp is not installed"))
  func aPlantIsHardened() throws {
    let problem = try Self.plant(seed: 7, targets: 10)
    #expect(problem.graph.count == 87_000 && problem.graph.parents.count > 120_000)
    #expect(problem.coreSize.nodes < problem.graph.count / 2)
    let answer = try problem.cheapest(using: ClaspProcess())
    guard case .found(let found) = answer else {
      Issue.record("no goal of the plant is unstoppable")
      return
    }
    #expect(found.isProven && found.isFirst && !found.set.controls.isEmpty)
    #expect(problem.packingBound <= found.set.cost)
    #expect(problem.reachableGoals(with: found.set.controls).isEmpty)

    let listed = try problem.minimalSets(limit: 10, using: ClaspProcess())
    #expect(listed.sets.count == 10 && listed.completeness == .limited)
    #expect(listed.sets.first == found.set)
    #expect(listed.sets.map(\.cost) == listed.sets.map(\.cost).sorted())

    let front = try problem.front(limit: 100, using: ClaspProcess())
    #expect(front.isComplete && front.points.count > 3)
    #expect(front.points.last?.set == found.set)
    for (point, next) in zip(front.points, front.points.dropFirst()) {
      #expect(point.set.cost < next.set.cost && point.weightRemoved < next.weightRemoved)
    }
  }

  @Test(.enabled(if: ClaspProcess.isInstalled, "clasp is not installed"))
  func aSearchThatIsStoppedSaysSoAndIsStillRight() throws {
    let problem = try Self.plant(seed: 6, targets: 10)
    let effort = HardeningProblem.Effort(conflicts: 1, checkingBranches: 0)
    guard case .found(let found) = try problem.cheapest(using: ClaspProcess(), effort: effort)
    else {
      Issue.record("no goal of the plant is unstoppable")
      return
    }
    #expect(!found.isProven && found.lowerBound > 0 && found.lowerBound < found.set.cost)
    #expect(!found.isFirst && !found.isConfirmed)
    #expect(problem.reachableGoals(with: found.set.controls).isEmpty)
    let listed = try problem.minimalSets(limit: 10, using: ClaspProcess(), effort: effort)
    #expect(listed.completeness == .stopped && listed.sets.isEmpty)
    #expect(try !problem.front(limit: 100, using: ClaspProcess(), effort: effort).isComplete)
  }

  @Test func chokePointsOfAPlantHoldOneByOne() throws {
    let problem = try Self.plant(seed: 5, assets: 100)
    let goals = problem.goals.map { (node: $0.node, fronts: $0.fronts) }
    let found = problem.graph.chokePoints(of: goals)
    #expect(found.count > goals.count)
    for point in found {
      let alone = try HardeningProblem(
        graph: problem.graph, controls: [.init(node: point.node, cost: 1)], goals: problem.goals)
      let left = alone.reachableGoals(with: [0])
      #expect(left == problem.goals.indices.filter { !point.goals.contains($0) }, "\(point.node)")
    }
  }

  /// Every node of a long chain, and every joint of a long ladder, is a choke point.
  @Test func longChainsAreCountedWhole() {
    let length = 60_000
    let chain = AndOrGraph(
      kinds: [.given] + Array(repeating: .or, count: length - 1),
      costs: [Double](repeating: 0, count: length),
      entryFronts: [Fronts](repeating: [], count: length)
    ) { node -> [Int32] in node == 0 ? [] : [Int32(node - 1)] }
    #expect(chain.chokePoints(of: [(length - 1, [])]).map(\.node) == Array(0..<length))
    let ladder = AndOrGraph(
      kinds: [.given] + Array(repeating: .or, count: length - 1),
      costs: [Double](repeating: 0, count: length),
      entryFronts: [Fronts](repeating: [], count: length)
    ) { node -> [Int32] in
      switch node % 3 {
      case _ where node == 0: []
      case 0: [Int32(node - 1), Int32(node - 2)]
      default: [Int32(node - node % 3)]
      }
    }
    let joints = ladder.chokePoints(of: [(length - 3, [])]).map(\.node)
    #expect(joints == (0..<length).filter { $0 % 3 == 0 })
  }
}

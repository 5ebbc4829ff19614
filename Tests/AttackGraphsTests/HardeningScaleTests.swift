import AttackGraphs
import EngineSupport
import Foundation
import Testing

/// A graph of the size of a plant's: 87,000 nodes, 125,000 edges and 3,000 defences that could be put in place.
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
          if random.index(below: 3) == 0 {
            own.append(Int32(base + 3 + random.index(below: step - 3)))
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
    let clock = ContinuousClock()
    var start = clock.now
    func lap(_ what: String) {
      FileHandle.standardError.write(Data("\([what, clock.now - start] as [Any])\n".utf8))
      start = clock.now
    }
    let problem = try Self.plant(seed: 5)
    FileHandle.standardError.write(Data("\([problem.graph.count, problem.graph.parents.count, problem.coreSize, problem.usefulControls.count, problem.unstoppableGoals.count] as [Any])\n".utf8))
    lap("build")
    let answer = try problem.cheapest(using: ClaspProcess())
    FileHandle.standardError.write(Data("\([answer] as [Any])\n".utf8))
    lap("cheapest")
    let all = try problem.minimalSets(limit: 20, using: ClaspProcess())
    FileHandle.standardError.write(Data("\([all] as [Any])\n".utf8))
    lap("minimal 20")
    let front = try problem.front(limit: 100, using: ClaspProcess())
    FileHandle.standardError.write(Data("\([front] as [Any])\n".utf8))
    lap("front")
    let choke = problem.graph.chokePoints(of: problem.goals.map { ($0.node, $0.fronts) })
    FileHandle.standardError.write(Data("\([choke.count] as [Any])\n".utf8))
    lap("choke")
  }
}

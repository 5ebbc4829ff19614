import AttackGraphs
import EngineSupport
import Foundation

/// Small hardening problems, their answers by trying every subset, and the solver as a process.
enum HardeningFixtures {
  static func random(_ random: inout SeededRandom) throws -> HardeningProblem {
    let nodes = 4 + random.index(below: 10)
    let graph = AndOrGraphFixtures.random(&random, nodes: nodes)
    // Every third problem has equal costs, so that many sets tie.
    let hasTies = random.index(below: 3) == 0
    var controls: [HardeningProblem.Control] = []
    for _ in 0..<random.index(below: 9) {
      let node = random.index(below: nodes)
      guard !controls.contains(where: { $0.node == node }) else { continue }
      controls.append(.init(node: node, cost: hasTies ? 1 : 1 + random.index(below: 5)))
    }
    let goals = (0..<1 + random.index(below: 4)).map { number in
      HardeningProblem.Goal(
        node: number == 0 ? 0 : random.index(below: nodes),
        fronts: Fronts(rawValue: UInt8(random.index(below: 7) % 4)),
        weight: 1 + random.index(below: 3))
    }
    return try HardeningProblem(graph: graph, controls: controls, goals: goals)
  }

  /// Derives by repeating until nothing changes, over bits; shares no code with the product.
  static func derived(_ graph: AndOrGraph, from fronts: Fronts, without off: Int) -> Int {
    var derived = 0
    var isChanged = true
    while isChanged {
      isChanged = false
      for node in 0..<graph.count where derived >> node & 1 == 0 && off >> node & 1 == 0 {
        let own = graph.parents(of: node)
        let holds =
          switch graph.kinds[node] {
          case .given: true
          case .blocked: false
          case .or: own.contains { derived >> Int($0) & 1 == 1 }
          case .and: !own.isEmpty && own.allSatisfy { derived >> Int($0) & 1 == 1 }
          }
        if holds || !graph.entryFronts[node].isDisjoint(with: fronts) {
          derived |= 1 << node
          isChanged = true
        }
      }
    }
    return derived
  }

  /// What every subset of the controls does.
  struct BruteForce {
    struct Subset {
      var controls: [Int]
      var cost: Int
      var reachable: [Int]
    }
    /// By bits.
    var subsets: [Subset] = []
    var unstoppable: [Int]
    var reachableAtFirst: [Int] { subsets[0].reachable }

    init(_ problem: HardeningProblem) {
      let count = problem.controls.count
      for bits in 0..<(1 << count) {
        let chosen = (0..<count).filter { bits >> $0 & 1 == 1 }
        let off = chosen.reduce(0) { $0 | 1 << problem.controls[$1].node }
        subsets.append(
          Subset(
            controls: chosen, cost: chosen.reduce(0) { $0 + problem.controls[$1].cost },
            reachable: problem.goals.indices.filter {
              let goal = problem.goals[$0]
              return derived(problem.graph, from: goal.fronts, without: off) >> goal.node & 1 == 1
            }))
      }
      unstoppable = subsets[subsets.count - 1].reachable
    }

    static func isBefore(_ left: Subset, _ right: Subset) -> Bool {
      if left.cost != right.cost { return left.cost < right.cost }
      return left.controls.lexicographicallyPrecedes(right.controls)
    }

    /// All minimal sets that cut every goal, in order.
    var minimal: [Subset] {
      subsets.indices.filter { bits in
        subsets[bits].reachable.isEmpty
          && subsets[bits].controls.allSatisfy { !subsets[bits & ~(1 << $0)].reachable.isEmpty }
      }.map { subsets[$0] }.sorted(by: Self.isBefore)
    }

    /// The Pareto front by cost against removed weight, with the first set of each point.
    func front(_ weights: [Int]) -> [Subset] {
      func left(_ subset: Subset) -> Int { subset.reachable.reduce(0) { $0 + weights[$1] } }
      var front: [Subset] = []
      for subset in subsets.sorted(by: { a, b in
        if a.cost != b.cost { return a.cost < b.cost }
        if left(a) != left(b) { return left(a) < left(b) }
        return a.controls.lexicographicallyPrecedes(b.controls)
      }) where front.last.map({ left(subset) < left($0) }) ?? true {
        front.append(subset)
      }
      return front
    }
  }
}

/// `clasp` as found on the path.
struct ClaspProcess: AnswerSetSolver {
  static let isInstalled = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/clasp") }

  func solve(_ program: String, arguments: [String]) throws -> AnswerSetOutput {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["clasp", "--time-limit=60"] + arguments
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let writer = Thread {
      try? input.fileHandleForWriting.write(contentsOf: Data(program.utf8))
      try? input.fileHandleForWriting.close()
    }
    writer.start()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return AnswerSetOutput(status: process.terminationStatus, bytes: Array(bytes))
  }
}

import AttackGraphs
import EngineSupport
import ThreatLanguage

/// Graphs to simulate, and their times worked out the slow way.
struct CompromiseFixture {
  struct Step {
    var kind: AndOrGraph.Kind
    var time: TTCExpression?
    var presence = 0.0
    var fronts: Fronts = []
    var parents: [Int32] = []
  }

  var steps: [Step]
  let graph: AndOrGraph
  let laws: [TimeSampler]
  let law: [Int32]

  init(_ steps: [Step]) throws {
    self.steps = steps
    graph = AndOrGraph(
      kinds: steps.map(\.kind), costs: steps.map { _ in 0 }, entryFronts: steps.map(\.fronts)
    ) { steps[$0].parents }
    var laws: [TimeSampler] = []
    law = try steps.map { step in
      guard let time = step.time else { return -1 }
      laws.append(try TimeSampler(time))
      return Int32(laws.count - 1)
    }
    self.laws = laws
  }

  func simulation(from fronts: Fronts = .network, goals: [Int]? = nil) -> CompromiseSimulation {
    CompromiseSimulation(
      graph, laws: laws, law: law, presence: steps.map(\.presence), from: fronts, goals: goals)
  }

  /// Cycles, ties, gates, infinite and negative times, defences, entries of both fronts.
  static func random(_ random: inout SeededRandom, nodes: Int) throws -> CompromiseFixture {
    let times: [TTCExpression?] = [
      nil, nil, nil, .distribution("Exponential", [0.5]), .distribution("Exponential", [2]),
      .distribution("Binomial", [3, 0.5]), .distribution("HardAndUncertain", []),
      .distribution("Infinity", []), .distribution("EasyAndUncertain", []), .number(1), .number(2),
      .difference(.distribution("Exponential", [1]), .number(1)), .distribution("Zero", []),
      .distribution("Pareto", [1e-300, 0.001]),
    ]
    return try CompromiseFixture(
      (0..<nodes).map { _ in
        let draw = random.index(below: 20)
        let kind: AndOrGraph.Kind =
          draw < 9 ? .or : draw < 15 ? .and : draw < 19 ? .given : .blocked
        let presences = [0, 0.3, 0.7, 1]
        let fronts: [Fronts] = [.network, .sensor, .both]
        return Step(
          kind: kind, time: times[random.index(below: times.count)],
          presence: presences[random.index(below: 4)],
          fronts: random.index(below: 8) == 0 ? fronts[random.index(below: 3)] : [],
          parents: (0..<random.index(below: 4)).map { _ in Int32(random.index(below: nodes)) })
      })
  }

  /// Every node's time in one sample, by going over all nodes until nothing changes.
  func slowTimes(sample: Int, seed: UInt64, fronts: Fronts) -> [Double] {
    let row = SeededRandom(seed: seed).stream("time to compromise", 0).row(sample)
    let own = steps.indices.map { node -> Double in
      var random = row.cell(node)
      guard law[node] >= 0 else { return 0 }
      return max(0, laws[Int(law[node])].draw(from: &random))
    }
    let isPresent = steps.indices.map { node in
      var random = row.cell(node)
      return random.uniform() < steps[node].presence
    }
    var times = [Double](repeating: .infinity, count: steps.count)
    var isChanged = true
    while isChanged {
      isChanged = false
      for node in steps.indices {
        let parents = graph.parents(of: node).map { times[Int($0)] }
        let time: Double =
          if graph.isEntry(node, from: fronts) { 0 } else {
            switch graph.kinds[node] {
            case .given: isPresent[node] ? .infinity : 0
            case .blocked: .infinity
            case .or: (parents.min() ?? .infinity) + own[node]
            case .and: (parents.max() ?? .infinity) + own[node]
            }
          }
        if time != times[node] {
          times[node] = time
          isChanged = true
        }
      }
    }
    return times
  }
}

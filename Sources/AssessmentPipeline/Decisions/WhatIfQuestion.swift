public import AttackGraphs
import EngineSupport
import ModelTesting

/// A change to a product's attack graph, and what comes of it.
public struct WhatIfQuestion: Sendable {
  public var id: String
  public var description: String
  public var enable: [AttackGraph.StepID]
  public var disable: [AttackGraph.StepID]
  /// Rates to assume for steps.
  public var assume: [AttackGraph.StepID: Double]

  public init(
    id: String, description: String, enable: [AttackGraph.StepID], disable: [AttackGraph.StepID],
    assume: [AttackGraph.StepID: Double] = [:]
  ) {
    self.id = id
    self.description = description
    self.enable = enable
    self.disable = disable
    self.assume = assume
  }

  init(_ whatIf: ProductFile.WhatIf, in product: ProductGraph) throws(Diagnostic) {
    var (enable, disable): ([Int], [Int]) = ([], [])
    for reference in whatIf.enable { enable.append(try product.defense(reference)) }
    for reference in whatIf.disable { disable.append(try product.defense(reference)) }
    self.init(
      id: whatIf.id, description: whatIf.description, enable: enable, disable: disable)
  }

  /// Follows the switches through the graph and searches the best paths to `goals` anew.
  public func answer(
    graph: AttackGraph, entries: [AttackGraph.StepID: Fronts],
    goals: [(id: String, step: AttackGraph.StepID)], expansionLimit: Int
  ) -> WhatIfResult {
    var reach = AttackReach(graph, from: entries.keys.sorted())
    let wasReached = (0..<graph.stepCount).map(reach.isReached)
    var changed = graph
    for step in enable {
      _ = reach.switchOff(step)
      changed.assume(step, probability: 0)
    }
    for step in disable {
      _ = reach.switchOn(step)
      changed.assume(step, probability: 1)
    }
    for (step, rate) in assume.sorted(by: { $0.key < $1.key }) {
      _ = rate > 0 ? reach.switchOn(step) : reach.switchOff(step)
      changed.assume(step, probability: rate)
    }
    let name = graph.name(of:)
    func state(of goal: AttackGraph.StepID, in graph: AttackGraph) -> WhatIfResult.State {
      Self.state(of: goal, in: graph, from: entries, expansionLimit)
    }
    return WhatIfResult(
      id: id, description: description, enabled: enable.map(name), disabled: disable.map(name),
      assumed: assume.sorted { $0.key < $1.key }.map {
        WhatIfResult.Assumption(step: name($0.key), rate: $0.value)
      },
      lost: wasReached.indices.filter { wasReached[$0] && !reach.isReached($0) }.map(name),
      gained: wasReached.indices.filter { !wasReached[$0] && reach.isReached($0) }.map(name),
      goals: goals.map { goal in
        WhatIfResult.Goal(
          id: goal.id, before: state(of: goal.step, in: graph),
          after: state(of: goal.step, in: changed))
      })
  }

  private static func state(
    of goal: AttackGraph.StepID, in graph: AttackGraph, from entries: [AttackGraph.StepID: Fronts],
    _ expansionLimit: Int
  ) -> WhatIfResult.State {
    let reach = graph.reachability(of: goal, from: entries)
    let best = [[], Fronts.network, .sensor, .both].compactMap { fronts in
      graph.bestPaths(
        to: goal, from: entries, needing: fronts, limit: 1, expansionLimit: expansionLimit
      ).paths.first?.probability
    }
    return WhatIfResult.State(
      byNetworkAlone: reach.fromNetwork, bySensorAlone: reach.fromSensor, byBoth: reach.fromBoth,
      probability: best.max() ?? 0)
  }
}

extension Assessment {
  /// In the order of the product file.
  func whatIfs(in product: ProductGraph) throws -> [WhatIfResult] {
    var questions: [WhatIfQuestion] = []
    for whatIf in self.product.whatIfs { questions.append(try WhatIfQuestion(whatIf, in: product)) }
    return try OrderedConcurrency(width: options.jobs).map(questions) {
      $0.answer(
        graph: product.graph, entries: product.entries,
        goals: product.goals.map { ($0.consequence.id, $0.step) },
        expansionLimit: Self.expansionLimit)
    }
  }
}

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
    let changed = changed(graph)
    return answer(
      graph: graph, entries: entries,
      goals: goals.map { goal in
        WhatIfResult.Goal(
          id: goal.id,
          before: Self.state(of: goal.step, in: graph, from: entries, expansionLimit),
          after: Self.state(of: goal.step, in: changed, from: entries, expansionLimit))
      })
  }

  /// The graph as it would be.
  func changed(_ graph: AttackGraph) -> AttackGraph {
    var changed = graph
    for step in enable { changed.assume(step, probability: 0) }
    for step in disable { changed.assume(step, probability: 1) }
    for (step, rate) in assume.sorted(by: { $0.key < $1.key }) {
      changed.assume(step, probability: rate)
    }
    return changed
  }

  /// Follows the switches through the graph; `goals` have been looked at.
  func answer(
    graph: AttackGraph, entries: [AttackGraph.StepID: Fronts], goals: [WhatIfResult.Goal]
  ) -> WhatIfResult {
    var reach = AttackReach(graph, from: entries.keys.sorted())
    let wasReached = (0..<graph.stepCount).map(reach.isReached)
    for step in enable { _ = reach.switchOff(step) }
    for step in disable { _ = reach.switchOn(step) }
    for (step, rate) in assume.sorted(by: { $0.key < $1.key }) {
      _ = rate > 0 ? reach.switchOn(step) : reach.switchOff(step)
    }
    let name = graph.name(of:)
    return WhatIfResult(
      id: id, description: description, enabled: enable.map(name), disabled: disable.map(name),
      assumed: assume.sorted { $0.key < $1.key }.map {
        WhatIfResult.Assumption(step: name($0.key), rate: $0.value)
      },
      lost: wasReached.indices.filter { wasReached[$0] && !reach.isReached($0) }.map(name),
      gained: wasReached.indices.filter { !wasReached[$0] && reach.isReached($0) }.map(name),
      goals: goals)
  }

  static func state(
    of goal: AttackGraph.StepID, in graph: AttackGraph, from entries: [AttackGraph.StepID: Fronts],
    _ expansionLimit: Int
  ) -> WhatIfResult.State {
    let reach = graph.reachability(of: goal, from: entries)
    var best = 0.0
    for fronts in [[], Fronts.network, .sensor, .both] {
      // Only what is more probable than the best so far matters; the rest is for rounding.
      let ceiling = StepCost.negativeLogProbability.cost(of: best).map { $0 + 1e-6 } ?? .infinity
      let found = graph.bestPaths(
        to: goal, from: entries, needing: fronts, limit: 1, expansionLimit: expansionLimit,
        ceiling: ceiling)
      best = max(best, found.paths.first?.probability ?? 0)
    }
    return WhatIfResult.State(
      byNetworkAlone: reach.fromNetwork, bySensorAlone: reach.fromSensor, byBoth: reach.fromBoth,
      probability: best)
  }
}

extension Assessment {
  /// In the order of the product file.
  func whatIfs(in product: ProductGraph) throws -> [WhatIfResult] {
    var questions: [WhatIfQuestion] = []
    for whatIf in self.product.whatIfs { questions.append(try WhatIfQuestion(whatIf, in: product)) }
    guard !questions.isEmpty else { return [] }
    // All questions share the state of things before any change.
    let graphs = [product.graph] + questions.map { $0.changed(product.graph) }
    let searches = graphs.indices.flatMap { graph in
      product.goals.map { (graph: graph, goal: $0.step) }
    }
    let states = try OrderedConcurrency(width: options.jobs).map(searches) { search in
      WhatIfQuestion.state(
        of: search.goal, in: graphs[search.graph], from: product.entries, Self.expansionLimit)
    }
    return questions.enumerated().map { index, question in
      let after = (index + 1) * product.goals.count
      return question.answer(
        graph: product.graph, entries: product.entries,
        goals: product.goals.indices.map { goal in
          WhatIfResult.Goal(
            id: product.goals[goal].consequence.id, before: states[goal],
            after: states[after + goal])
        })
    }
  }
}

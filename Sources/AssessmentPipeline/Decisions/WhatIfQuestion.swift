import EngineSupport
public import AttackGraphs

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

  /// Follows the switches through the graph and searches the best paths anew.
  public func answer(in product: ProductGraph, expansionLimit: Int) -> WhatIfResult {
    var reach = AttackReach(product.graph, from: product.entries.keys.sorted())
    let before = (0..<product.graph.stepCount).filter(reach.isReached)
    for step in enable { _ = reach.switchOff(step) }
    for step in disable { _ = reach.switchOn(step) }
    var changed = product
    for step in enable { changed.graph.assume(step, probability: 0) }
    for step in disable { changed.graph.assume(step, probability: 1) }
    for (step, rate) in assume.sorted(by: { $0.key < $1.key }) {
      changed.graph.assume(step, probability: rate)
      _ = rate > 0 ? reach.switchOn(step) : reach.switchOff(step)
    }
    let wasReached = Set(before)
    let name = product.graph.name(of:)
    return WhatIfResult(
      id: id, description: description, enabled: enable.map(name), disabled: disable.map(name),
      assumed: assume.sorted { $0.key < $1.key }.map {
        WhatIfResult.Assumption(step: name($0.key), rate: $0.value)
      },
      lost: before.filter { !reach.isReached($0) }.map(name),
      gained: (0..<product.graph.stepCount).filter {
        reach.isReached($0) && !wasReached.contains($0)
      }.map(name),
      goals: product.goals.map { goal in
        WhatIfResult.Goal(
          consequence: goal.consequence.id,
          before: Self.state(of: goal.step, in: product, expansionLimit),
          after: Self.state(of: goal.step, in: changed, expansionLimit))
      })
  }

  private static func state(
    of goal: AttackGraph.StepID, in product: ProductGraph, _ expansionLimit: Int
  ) -> WhatIfResult.State {
    let reach = product.graph.reachability(of: goal, from: product.entries)
    let best = [Fronts.network, .sensor, .both].compactMap { fronts in
      product.graph.bestPaths(
        to: goal, from: product.entries, needing: fronts, limit: 1, expansionLimit: expansionLimit
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
      $0.answer(in: product, expansionLimit: Self.expansionLimit)
    }
  }
}

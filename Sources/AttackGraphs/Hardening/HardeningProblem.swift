package import EngineSupport

/// Which goals must become unreachable, and what may be switched off to that end at what cost.
///
/// The order of the controls is part of the problem: it decides between sets of equal cost. Costs are whole
/// numbers, so that "cheapest" is exact.
package struct HardeningProblem: Sendable {
  /// A node that may be switched off: it is then never derived. Typically a defence that is absent now.
  package struct Control: Sendable, Hashable {
    package var node: Int
    /// In units of the caller's choice, at least 1.
    package var cost: Int

    package init(node: Int, cost: Int) {
      self.node = node
      self.cost = cost
    }
  }

  /// A node that an attacker who stands at all of `fronts` shall not reach.
  package struct Goal: Sendable, Hashable {
    package var node: Int
    package var fronts: Fronts
    /// What it is worth to make it unreachable, at least 1; counts in the Pareto front only.
    package var weight: Int

    package init(node: Int, fronts: Fronts, weight: Int = 1) {
      self.node = node
      self.fronts = fronts
      self.weight = weight
    }
  }

  package let graph: AndOrGraph
  package let controls: [Control]
  package let goals: [Goal]
  let reachability: BlockedReachability
  let core: HardeningCore

  /// The solver reads weights as 32-bit numbers; all costs, and all weights, together must fit.
  static let sumLimit = Int(Int32.max) - 1
  /// The solver keeps a control's rank in the order of controls in 16 bits.
  static let usefulControlLimit = 30_000

  /// Throws where a node is not in the graph, a control stands twice, a cost or weight is not positive, or
  /// there is more than the solver can take.
  package init(
    graph: AndOrGraph, controls: [Control], goals: [Goal]
  ) throws(Diagnostic) {
    var isControl = [Bool](repeating: false, count: graph.count)
    for control in controls {
      guard graph.kinds.indices.contains(control.node) else {
        throw Diagnostic(
          "hardening.node.unknown", "control \(control.node) is no node of the graph")
      }
      guard !isControl[control.node] else {
        throw Diagnostic("hardening.control.repeated", "node \(control.node) is a control twice")
      }
      isControl[control.node] = true
    }
    for goal in goals where !graph.kinds.indices.contains(goal.node) {
      throw Diagnostic("hardening.node.unknown", "goal \(goal.node) is no node of the graph")
    }
    try Self.check(controls.map(\.cost), "costs of the controls")
    try Self.check(goals.map(\.weight), "weights of the goals")
    self.graph = graph
    self.controls = controls
    self.goals = goals
    reachability = BlockedReachability(graph)
    core = HardeningCore(reachability, controls: controls.map(\.node), goals: goals)
    guard core.controls.count <= Self.usefulControlLimit else {
      throw Diagnostic(
        "hardening.controls.too-many",
        "\(core.controls.count) controls bear on the goals; at most "
          + "\(Self.usefulControlLimit) can be weighed against one another")
    }
  }

  private static func check(_ values: [Int], _ what: String) throws(Diagnostic) {
    var sum = 0
    for value in values {
      guard (1...sumLimit).contains(value), sum <= sumLimit - value else {
        throw Diagnostic(
          "hardening.number.out-of-range",
          "the \(what) must be at least 1 each and at most \(sumLimit) together")
      }
      sum += value
    }
  }

  /// A set of controls, by their indices in `controls`, ascending.
  package struct ControlSet: Sendable, Hashable {
    package let controls: [Int]
    package let cost: Int
  }

  func controlSet(_ indices: [Int]) -> ControlSet {
    let sorted = indices.sorted()
    return ControlSet(controls: sorted, cost: sorted.reduce(0) { $0 + controls[$1].cost })
  }

  /// A goal that stays reachable with every control in place, and why.
  package struct UnstoppableGoal: Sendable, Hashable {
    /// Index in `goals`.
    package let goal: Int
    /// The nodes of a derivation that uses no control, ascending.
    package let derivation: [Int32]
  }

  /// The goals that no set of controls makes unreachable, each with a derivation that uses no control.
  package var unstoppableGoals: [UnstoppableGoal] {
    let hit = goals.indices.filter { core.goals[$0] == .unstoppable }
    guard !hit.isEmpty else { return [] }
    let isOff = nodesOff(controls.indices)
    var reached: [Fronts: BlockedReachability.Reached] = [:]
    for index in hit where reached[goals[index].fronts] == nil {
      reached[goals[index].fronts] = reachability.reached(
        from: goals[index].fronts, without: isOff)
    }
    return hit.compactMap { index in
      reached[goals[index].fronts].map {
        UnstoppableGoal(
          goal: index, derivation: reachability.derivation(of: [goals[index].node], in: $0))
      }
    }
  }

  /// The controls that can bear on a goal at all, by index, ascending.
  package var usefulControls: [Int] { core.controls }

  /// Nodes of the problem that is left after what cannot matter has been taken away.
  package var coreSize: (nodes: Int, edges: Int) {
    (core.reachability.graph.count, core.reachability.graph.parents.count)
  }

  /// Which goals an attacker still reaches, worked out on the whole graph. Linear in its size.
  package func reachableGoals(with indices: some Sequence<Int>) -> [Int] {
    let isOff = nodesOff(indices)
    var reached: [Fronts: BlockedReachability.Reached] = [:]
    return goals.indices.filter { index in
      let goal = goals[index]
      let known =
        reached[goal.fronts] ?? reachability.reached(from: goal.fronts, without: isOff)
      reached[goal.fronts] = known
      return known.contains(goal.node)
    }
  }

  private func nodesOff(_ indices: some Sequence<Int>) -> [Bool] {
    var isOff = [Bool](repeating: false, count: graph.count)
    for index in indices { isOff[controls[index].node] = true }
    return isOff
  }
}

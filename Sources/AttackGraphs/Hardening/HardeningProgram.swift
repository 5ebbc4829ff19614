/// A hardening problem as a ground answer-set program in the text format `aspif`.
///
/// One atom says that a control is in place, one that a node is derived; every rule derives a node from its
/// parents. In a stable model nothing is derived through a cycle, so that the rules say no more than the
/// graph does.
///
/// Source: Gebser, Kaminski, Kaufmann, Ostrowski, Schaub, Wanko, "Theory solving made easy with Clingo 5",
/// ICLP 2016 (appendix on aspif).
struct HardeningProgram {
  /// What a set of controls must fulfil beside being a set of controls.
  enum Demand: Sendable {
    /// No goal is derived.
    case allGoalsUnreachable
    /// The goals that are derived weigh at most so much.
    case reachableWeight(atMost: Int)
    case cost(atMost: Int)
    /// At least one of these positions is not in the set.
    case notAll(of: [Int])
  }

  /// What is sought among the sets that fulfil the demands.
  enum Objective: Sendable {
    case leastCost
    /// Of the cheapest sets, those that leave the least weight reachable.
    case leastCostThenReachableWeight
    /// The sets in the order of `precedes`: whichever has the first control where they differ.
    case inOrder
  }

  private let core: HardeningCore
  private let costs: [Int]
  /// Goal nodes with the sum of the weights of the goals that they stand for.
  private let weights: [(node: Int, weight: Int)]

  init(_ problem: HardeningProblem) {
    core = problem.core
    costs = core.controls.map { problem.controls[$0].cost }
    var weightOf: [Int: Int] = [:]
    for (goal, state) in zip(problem.goals, core.goals) {
      if case .open(let node) = state { weightOf[node, default: 0] += goal.weight }
    }
    weights = weightOf.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Controls are shown under their position in `core.controls`.
  func text(demanding demands: [Demand], seeking objective: Objective) -> String {
    var text = "asp 1 0 0\n"
    for position in costs.indices { text += "1 1 1 \(atom(control: position)) 0 0\n" }
    for node in 0..<core.reachability.graph.count { write(rulesOf: node, to: &text) }
    for demand in demands { write(demand, to: &text) }
    let costTerms = Self.terms(costs.indices.map { (atom(control: $0), costs[$0]) })
    switch objective {
    case .leastCost: text += "2 0 \(costTerms)\n"
    case .leastCostThenReachableWeight:
      text += "2 1 \(costTerms)\n2 0 \(weightTerms)\n"
    case .inOrder:
      // Decided in this order and first as true, the first model found is the first one there is.
      for position in costs.indices {
        let level = costs.count - position
        text += "7 4 \(atom(control: position)) \(level) \(level) 0\n"
      }
    }
    for position in costs.indices {
      let name = String(position)
      text += "4 \(name.utf8.count) \(name) 1 \(atom(control: position))\n"
    }
    return text + "0\n"
  }

  private func atom(control position: Int) -> Int { position + 1 }
  private func atom(node: Int) -> Int { costs.count + node + 1 }

  private func write(rulesOf node: Int, to text: inout String) {
    let graph = core.reachability.graph
    let head = atom(node: node)
    let control = core.controlOf[node]
    let absent = control < 0 ? [] : [-atom(control: Int(control))]
    func rule(_ body: [Int]) {
      text += "1 0 1 \(head) 0 \(body.count)"
      for literal in body { text += " \(literal)" }
      text += "\n"
    }
    let parents = graph.parents(of: node).map { atom(node: Int($0)) }
    switch graph.kinds[node] {
    case .given: rule(absent)
    case .and: rule(parents + absent)
    case .or: for parent in parents { rule([parent] + absent) }
    case .blocked: break
    }
  }

  private func write(_ demand: Demand, to text: inout String) {
    switch demand {
    case .allGoalsUnreachable:
      for (node, _) in weights { text += "1 0 0 0 1 \(atom(node: node))\n" }
    case .reachableWeight(let most):
      text += "1 0 0 1 \(most + 1) \(weightTerms)\n"
    case .cost(let most):
      let terms = Self.terms(costs.indices.map { (atom(control: $0), costs[$0]) })
      text += "1 0 0 1 \(most + 1) \(terms)\n"
    case .notAll(let positions):
      text += "1 0 0 0 \(positions.count)"
      for position in positions { text += " \(atom(control: position))" }
      text += "\n"
    }
  }

  private var weightTerms: String {
    Self.terms(weights.map { (atom(node: $0.node), $0.weight) })
  }

  private static func terms(_ terms: [(atom: Int, weight: Int)]) -> String {
    "\(terms.count)" + terms.map { " \($0.atom) \($0.weight)" }.joined()
  }
}

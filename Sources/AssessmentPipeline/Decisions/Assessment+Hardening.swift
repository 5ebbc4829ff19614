import AttackGraphs
import EngineSupport

/// Weighing defences with an answer-set solver.
extension Assessment {
  private static let alternativesLimit = 10
  private static let frontLimit = 10
  private static let chokePointLimit = 20

  /// The plan for an attacker who stands at both fronts. `nil` where no solver was given.
  func hardeningPlan(in product: ProductGraph) throws -> HardeningPlan? {
    guard let solver = options.solver else { return nil }
    var costs: [AttackGraph.StepID: Int] = [:]
    for cost in self.product.defenseCosts { costs[try product.defense(cost.defense)] = cost.cost }
    let weigher = DefenseWeigher(product: product, costs: costs, solver: solver)
    var sets = product.goals.map { [$0] }
    if product.goals.count > 1 { sets.append(product.goals) }
    let goals = try sets.map { goals in
      HardeningPlan.GoalHardening(
        consequences: goals.map(\.consequence.id),
        outcome: try weigher.outcome(for: goals, alternatives: Self.alternativesLimit))
    }
    let problem = try weigher.problem(for: product.goals)
    let front = try problem.front(limit: Self.frontLimit, using: solver)
    let graph = product.graph
    let chokePoints = problem.graph.chokePoints(
      of: product.goals.map { ($0.step, Fronts.both) }
    ).filter { point in !product.goals.contains { $0.step == point.node } }
    let sorted = chokePoints.sorted { ($1.goals.count, $0.node) < ($0.goals.count, $1.node) }
    return HardeningPlan(
      goals: goals,
      front: front.points.map { point in
        HardeningPlan.FrontPoint(
          defenses: weigher.defenses(point.set, of: problem), cost: point.set.cost,
          stillReached: point.reachableGoals.map { product.goals[$0].consequence.id })
      }, isFrontComplete: front.isComplete,
      chokePoints: sorted.prefix(Self.chokePointLimit).map { point in
        HardeningPlan.ChokePoint(
          step: point.node, name: graph.name(of: point.node),
          consequences: point.goals.map { product.goals[$0].consequence.id })
      }, possibleDefenses: graph.possibleDefenses.count)
  }
}

/// Puts one hardening question to the solver and says the answer in names.
private struct DefenseWeigher {
  let product: ProductGraph
  let costs: [AttackGraph.StepID: Int]
  let solver: any AnswerSetSolver

  func problem(for goals: [ProductGraph.Goal]) throws -> HardeningProblem {
    try product.graph.hardeningProblem(
      goals: goals.map { HardeningProblem.Goal(node: $0.step, fronts: .both) },
      from: product.entries, costs: costs)
  }

  func defenses(
    _ set: HardeningProblem.ControlSet, of problem: HardeningProblem
  ) -> [HardeningPlan.Defense] {
    set.controls.map { index in
      let control = problem.controls[index]
      return HardeningPlan.Defense(
        step: control.node, name: product.graph.name(of: control.node), cost: control.cost)
    }
  }

  func outcome(
    for goals: [ProductGraph.Goal], alternatives limit: Int
  ) throws -> HardeningPlan.Outcome {
    let problem = try problem(for: goals)
    guard !problem.reachableGoals(with: []).isEmpty else { return .outOfReach }
    switch try problem.cheapest(using: solver) {
    case .impossible(let unstoppable):
      let nodes = unstoppable.first?.derivation ?? []
      return .impossible(
        problem.graph.derivation(within: nodes, from: .both).order.map {
          product.graph.name(of: Int($0))
        })
    case .found(let found):
      let minimal = try problem.minimalSets(limit: limit, using: solver)
      return .found(
        HardeningPlan.Found(
          defenses: defenses(found.set, of: problem), cost: found.set.cost,
          lowerBound: found.lowerBound, isConfirmed: found.isConfirmed,
          alternatives: minimal.sets.map { defenses($0, of: problem) },
          areAlternativesComplete: minimal.completeness == .complete))
    }
  }
}

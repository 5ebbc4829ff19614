public import AttackGraphs
import EngineSupport

/// Which defences put goals out of reach of an attacker at both fronts: one question to the solver, answered in
/// names.
public struct HardeningQuestion: Sendable {
  public typealias Goal = (id: String, step: AttackGraph.StepID)

  public var graph: AttackGraph
  public var entries: [AttackGraph.StepID: Fronts]
  public var goals: [Goal]
  /// What a defence costs where it is not 1.
  public var costs: [AttackGraph.StepID: Int]
  /// Minimal sets listed at most for each goal.
  public var alternativesLimit = 10
  /// Points of the front listed at most.
  public var frontLimit = 10
  public var chokePointLimit = 20

  public init(
    graph: AttackGraph, entries: [AttackGraph.StepID: Fronts], goals: [Goal],
    costs: [AttackGraph.StepID: Int]
  ) {
    self.graph = graph
    self.entries = entries
    self.goals = goals
    self.costs = costs
  }

  /// - Throws: a `Diagnostic` where the costs are out of range, `SolverFailure`, or what the solver throws.
  public func plan(using solver: any AnswerSetSolver) throws -> HardeningPlan {
    var sets = goals.map { [$0] }
    if goals.count > 1 { sets.append(goals) }
    let hardenings = try sets.map { goals in
      HardeningPlan.GoalHardening(
        consequences: goals.map(\.id), outcome: try outcome(for: goals, using: solver))
    }
    let problem = try problem(for: goals)
    let front = try problem.front(limit: frontLimit, using: solver)
    let chokePoints = problem.graph.chokePoints(of: goals.map { ($0.step, Fronts.both) })
      .filter { point in !goals.contains { $0.step == point.node } }
    return HardeningPlan(
      goals: hardenings,
      front: front.points.map { point in
        HardeningPlan.FrontPoint(
          defenses: defenses(point.set, of: problem), cost: point.set.cost,
          stillReached: point.reachableGoals.map { goals[$0].id })
      }, isFrontComplete: front.isComplete,
      chokePoints: chokePoints.prefix(chokePointLimit).map { point in
        HardeningPlan.ChokePoint(
          step: point.node, name: graph.name(of: point.node),
          consequences: point.goals.map { goals[$0].id })
      }, possibleDefenses: graph.possibleDefenses.count)
  }

  private func problem(for goals: [Goal]) throws -> HardeningProblem {
    try graph.hardeningProblem(
      goals: goals.map { HardeningProblem.Goal(node: $0.step, fronts: .both) }, from: entries,
      costs: costs)
  }

  private func defenses(
    _ set: HardeningProblem.ControlSet, of problem: HardeningProblem
  ) -> [HardeningPlan.Defense] {
    set.controls.map { index in
      let control = problem.controls[index]
      return HardeningPlan.Defense(
        step: control.node, name: graph.name(of: control.node), cost: control.cost)
    }
  }

  private func outcome(
    for goals: [Goal], using solver: any AnswerSetSolver
  ) throws -> HardeningPlan.Outcome {
    let problem = try problem(for: goals)
    guard !problem.reachableGoals(with: []).isEmpty else { return .outOfReach }
    switch try problem.cheapest(using: solver) {
    case .impossible(let unstoppable):
      let nodes = unstoppable.first?.derivation ?? []
      return .impossible(
        problem.graph.derivation(within: nodes, from: .both).order.map { graph.name(of: Int($0)) })
    case .found(let found):
      let minimal = try problem.minimalSets(limit: alternativesLimit, using: solver)
      return .found(
        HardeningPlan.Found(
          defenses: defenses(found.set, of: problem), cost: found.set.cost,
          lowerBound: found.lowerBound, isConfirmed: found.isConfirmed,
          alternatives: minimal.sets.map { defenses($0, of: problem) },
          areAlternativesComplete: minimal.completeness == .complete))
    }
  }
}

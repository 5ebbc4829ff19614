/// Asking the solver, and checking what it answers.
extension HardeningProblem {
  /// How long to search before giving up.
  package struct Effort: Sendable {
    /// Conflicts in one call of the solver: counted work, so that a search that is given up is given up at
    /// the same place everywhere.
    package var conflicts: Int
    /// Conflicts in a search for the first of many sets that are equally good.
    package var orderingConflicts: Int
    /// So many equally good sets, at least 1, are listed before the first of them is searched for.
    package var tiesListed: Int
    /// Branches of our own search that checks the solver's claims; 0 for no such check.
    package var checkingBranches: Int

    package init(
      conflicts: Int = 200_000, orderingConflicts: Int = 20_000, tiesListed: Int = 64,
      checkingBranches: Int = 2_000
    ) {
      self.orderingConflicts = orderingConflicts
      self.tiesListed = max(1, tiesListed)
      self.conflicts = conflicts
      self.checkingBranches = checkingBranches
    }
  }

  /// One question: the solver, the program and the effort that belong to it.
  struct Inquiry {
    let program: HardeningProgram
    let problem: HardeningProblem
    let solver: any AnswerSetSolver
    let effort: Effort

    init(_ problem: HardeningProblem, _ solver: any AnswerSetSolver, _ effort: Effort) {
      program = HardeningProgram(problem)
      self.problem = problem
      self.solver = solver
      self.effort = effort
    }

    /// The best sets, at most `limit` of them, in no particular order.
    func best(
      _ limit: Int, _ demands: [HardeningProgram.Demand],
      _ objective: HardeningProgram.Objective = .leastCost
    ) throws -> ClaspAnswer {
      try ask(
        program.text(demanding: demands, seeking: objective),
        [
          "--quiet=1", "--opt-mode=optN", "--opt-strategy=usc",
          "--solve-limit=\(effort.conflicts)",
        ], limit: limit, isOptimization: true)
    }

    /// The first sets in the order of the controls, at most `limit`.
    func first(
      _ limit: Int, _ demands: [HardeningProgram.Demand]
    ) throws -> ClaspAnswer {
      let answer = try ask(
        program.text(demanding: demands, seeking: .inOrder),
        [
          "--quiet=0", "--heuristic=Domain", "--sat-prepro=no",
          "--solve-limit=\(effort.orderingConflicts)",
        ], limit: limit, isOptimization: false)
      guard zip(answer.models, answer.models.dropFirst()).allSatisfy(HardeningProblem.precedes)
      else { throw SolverFailure("the solver gave models in another order than asked for") }
      return answer
    }

    /// Of the sets in `answer`, all of them optimal, or else of all that fulfil `demands`, the first; whether
    /// that was found.
    func firstOptimum(
      in answer: ClaspAnswer, or demands: [HardeningProgram.Demand]
    ) throws -> (positions: [Int], isFirst: Bool) {
      let known = answer.models.sorted(by: HardeningProblem.precedes)
      if answer.isExhausted { return (known.first ?? [], true) }
      let first = try first(1, demands)
      guard !first.models.isEmpty || !first.isExhausted else {
        throw SolverFailure("the solver finds no set where it found one before")
      }
      return (first.models.first ?? known.first ?? [], !first.models.isEmpty)
    }

    private func ask(
      _ text: String, _ arguments: [String], limit: Int, isOptimization: Bool
    ) throws -> ClaspAnswer {
      let output = try solver.solve(
        text,
        arguments: ["--outf=2", "--seed=1", "--models=\(limit)"] + arguments)
      let answer = try ClaspAnswer(
        output, controls: problem.core.controls.count, isOptimization: isOptimization)
      guard answer.models.count <= limit, Set(answer.models).count == answer.models.count else {
        throw SolverFailure("the solver gave more sets than asked for, or one twice")
      }
      return answer
    }
  }

  /// The order between sets of equal cost: the one with the first control in which they differ is first.
  static func precedes(_ left: [Int], _ right: [Int]) -> Bool {
    for (a, b) in zip(left, right) where a != b { return a < b }
    return left.count > right.count
  }

  func controlSet(ofPositions positions: [Int]) -> ControlSet {
    controlSet(positions.map { core.controls[$0] })
  }

  /// Whether, on the whole graph, the set makes every goal unreachable that can be made so.
  func cutsAllOpenGoals(_ set: ControlSet) -> Bool {
    reachableGoals(with: set.controls).allSatisfy { core.goals[$0] == .unstoppable }
  }

  /// Whether the set cuts all open goals and no longer does without any one of its members.
  func isMinimalCut(_ set: ControlSet) -> Bool {
    cutsAllOpenGoals(set)
      && set.controls.allSatisfy { left in
        let rest = set.controls.filter { $0 != left }
        return !cutsAllOpenGoals(controlSet(rest))
      }
  }
}

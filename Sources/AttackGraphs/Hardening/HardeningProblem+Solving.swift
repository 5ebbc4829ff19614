/// Asking the solver, and checking what it answers.
extension HardeningProblem {
  /// How long to search before giving up.
  package struct Effort: Sendable {
    /// Conflicts in one call of the solver: counted work, so that a search that is given up is given up at
    /// the same place everywhere.
    package var conflicts: Int
    /// Branches of our own search that checks the solver's claims; 0 for no such check.
    package var checkingBranches: Int

    package init(conflicts: Int = 5_000_000, checkingBranches: Int = 2_000) {
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

    /// The best set of positions, `nil` where there is none; proven if `end` is `.exhausted`.
    func optimum(
      _ demands: [HardeningProgram.Demand],
      _ objective: HardeningProgram.Objective = .leastCost
    ) throws -> (end: ClaspAnswer.End, positions: [Int]?) {
      let answer = try ask(
        program.text(demanding: demands, seeking: objective),
        ["--quiet=1", "--opt-mode=opt", "--opt-strategy=usc"], isOptimization: true)
      guard answer.models.count <= 1 else {
        throw SolverFailure("the solver gave \(answer.models.count) optima, one was asked for")
      }
      return (answer.end, answer.models.first)
    }

    /// The first sets in the order of the controls, at most `limit`.
    func first(
      _ limit: Int, _ demands: [HardeningProgram.Demand]
    ) throws -> ClaspAnswer {
      let answer = try ask(
        program.text(demanding: demands, seeking: .inOrder),
        ["--quiet=0", "--heuristic=Domain", "--sat-prepro=no", "--models=\(limit)"],
        isOptimization: false)
      guard answer.models.count <= limit,
        zip(answer.models, answer.models.dropFirst()).allSatisfy(HardeningProblem.precedes)
      else { throw SolverFailure("the solver gave models in another order than asked for") }
      return answer
    }

    private func ask(
      _ text: String, _ arguments: [String], isOptimization: Bool
    ) throws -> ClaspAnswer {
      let output = try solver.solve(
        text,
        arguments: ["--outf=2", "--seed=1", "--solve-limit=\(effort.conflicts)"] + arguments)
      return try ClaspAnswer(
        output, controls: problem.core.controls.count, isOptimization: isOptimization)
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

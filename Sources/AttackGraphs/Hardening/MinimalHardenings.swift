/// The sets of controls that make every goal unreachable and of which no member can be spared.
package struct MinimalHardenings: Sendable {
  /// By cost, then in the order of the controls; each checked to need every member. If not complete, these
  /// are the first ones of that order.
  package let sets: [HardeningProblem.ControlSet]
  package let completeness: Completeness
  /// Our own search, which shares nothing with the solver, came to its end with the same complete list.
  package let isConfirmed: Bool

  package enum Completeness: Sendable, Hashable {
    /// There are no others.
    case complete
    /// There are others, which come later in the order.
    case limited
    /// The solver reached its limit; there may be others, none of them cheaper than the last one here.
    case stopped
    /// No set does: see `HardeningProblem.unstoppableGoals`.
    case impossible
  }
}

extension HardeningProblem {
  /// The first `limit` minimal sets: level by level the least cost of a set that contains none of those found
  /// before, then all sets of that cost.
  ///
  /// - Throws: `SolverFailure` or what the solver throws.
  package func minimalSets(
    limit: Int, using solver: any AnswerSetSolver, effort: Effort = Effort()
  ) throws -> MinimalHardenings {
    guard !core.goals.contains(.unstoppable) else {
      return MinimalHardenings(sets: [], completeness: .impossible, isConfirmed: true)
    }
    guard !core.goalNodes.isEmpty else {
      return MinimalHardenings(
        sets: limit > 0 ? [controlSet([])] : [],
        completeness: limit > 0 ? .complete : .limited, isConfirmed: true)
    }
    let inquiry = Inquiry(self, solver, effort)
    var found: [ControlSet] = []
    var blocked: [HardeningProgram.Demand] = [.allGoalsUnreachable]
    while true {
      let (end, positions) = try inquiry.optimum(blocked)
      guard end == .exhausted else { return stoppedMinimalSets(found) }
      guard let positions else {
        guard !found.isEmpty else {
          throw SolverFailure("the solver found no set, but all controls together are one")
        }
        return try completeMinimalSets(found, effort)
      }
      let level = controlSet(ofPositions: positions).cost
      guard isMinimalCut(controlSet(ofPositions: positions)), level >= found.last?.cost ?? 0 else {
        throw SolverFailure("the solver's set is not a minimal one")
      }
      guard found.count < limit else {
        return MinimalHardenings(sets: found, completeness: .limited, isConfirmed: false)
      }
      let answer = try inquiry.first(limit - found.count, blocked + [.cost(atMost: level)])
      for model in answer.models {
        let set = controlSet(ofPositions: model)
        guard set.cost == level, isMinimalCut(set), !found.contains(set) else {
          throw SolverFailure("the solver's set is not a minimal one of the least cost")
        }
        found.append(set)
        blocked.append(.notAll(of: model))
      }
      if answer.end == .stopped { return stoppedMinimalSets(found) }
      guard !answer.models.isEmpty else {
        throw SolverFailure("the solver contradicts itself about the cheapest set")
      }
    }
  }

  private func stoppedMinimalSets(_ found: [ControlSet]) -> MinimalHardenings {
    MinimalHardenings(sets: found, completeness: .stopped, isConfirmed: false)
  }

  private func completeMinimalSets(
    _ found: [ControlSet], _ effort: Effort
  ) throws(SolverFailure) -> MinimalHardenings {
    var search = HittingSearch(self, branches: effort.checkingBranches)
    let own = search.minimalSets()
    guard search.isComplete ? own == found : Set(own).isSubset(of: found) else {
      throw SolverFailure("the solver called its list of minimal sets complete, but it is not")
    }
    return MinimalHardenings(
      sets: found, completeness: .complete, isConfirmed: search.isComplete)
  }
}

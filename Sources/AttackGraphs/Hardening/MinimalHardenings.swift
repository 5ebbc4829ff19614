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
    /// The solver reached its limit; there may be others, of the cost of the last one here or dearer.
    case stopped
    /// No set does: see `HardeningProblem.unstoppableGoals`.
    case impossible
  }
}

extension HardeningProblem {
  /// The first `limit` minimal sets, at most a million: level by level the least cost of a set that contains none of those found
  /// before, then all sets of that cost.
  ///
  /// - Throws: `SolverFailure` or what the solver throws.
  package func minimalSets(
    limit: Int, using solver: any AnswerSetSolver, effort: Effort = Effort()
  ) throws -> MinimalHardenings {
    let limit = min(max(0, limit), 1_000_000)
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
      let left = limit - found.count
      let answer = try inquiry.best(left == 0 ? 1 : left + effort.tiesListed, blocked)
      if answer.isExhausted, answer.models.isEmpty {
        guard !found.isEmpty else {
          throw SolverFailure("the solver found no set, but all controls together are one")
        }
        return try completeMinimalSets(found, effort)
      }
      guard answer.isOptimal else { return stoppedMinimalSets(found) }
      if left == 0 {
        return MinimalHardenings(sets: found, completeness: .limited, isConfirmed: false)
      }
      let level = try checkedLevel(answer.models, after: found)
      if answer.isExhausted {
        found += level.prefix(left)
        guard level.count <= left else {
          return MinimalHardenings(sets: found, completeness: .limited, isConfirmed: false)
        }
        blocked += answer.models.map { .notAll(of: $0) }
        continue
      }
      let demands = blocked + [.cost(atMost: level[0].cost)]
      let first = level.count > left ? try inquiry.first(left, demands).models : []
      guard first.count == left else {
        return stoppedMinimalSets(found + level.prefix(left))
      }
      let sets = try checkedLevel(first, after: found)
      guard sets[0].cost == level[0].cost else {
        throw SolverFailure("the solver called a cost the least, but less is enough")
      }
      return MinimalHardenings(
        sets: found + sets, completeness: .limited, isConfirmed: false)
    }
  }

  /// The sets of one cost, in order; each was checked on the whole graph.
  private func checkedLevel(
    _ models: [[Int]], after found: [ControlSet]
  ) throws(SolverFailure) -> [ControlSet] {
    let sets = models.sorted(by: Self.precedes).map { controlSet(ofPositions: $0) }
    for set in sets {
      guard set.cost == sets[0].cost, set.cost >= found.last?.cost ?? 0, !found.contains(set),
        isMinimalCut(set)
      else {
        throw SolverFailure("the solver's set is not a further minimal one of the least cost")
      }
    }
    return sets
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

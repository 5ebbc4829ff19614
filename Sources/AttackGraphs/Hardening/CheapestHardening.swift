/// The answer to "what is the cheapest set of controls that makes every goal unreachable?".
package enum CheapestHardening: Sendable {
  /// No set does: these goals are reached without touching a control.
  case impossible([HardeningProblem.UnstoppableGoal])
  case found(Found)

  package struct Found: Sendable {
    package let set: HardeningProblem.ControlSet
    /// No set is cheaper; if this equals the set's cost, the set is proven to be the cheapest.
    package let lowerBound: Int
    /// It is the first of the cheapest sets in the order of the controls.
    package let isFirst: Bool
    /// Our own search, which shares nothing with the solver, found no cheaper set and came to its end.
    package let isConfirmed: Bool

    package var isProven: Bool { lowerBound == set.cost }
  }
}

extension HardeningProblem {
  /// The cheapest set of controls after which no attacker reaches a goal from its fronts; of several the
  /// first in the order of the controls. The same on every machine unless a search was stopped.
  ///
  /// - Throws: `SolverFailure` or what the solver throws.
  package func cheapest(
    using solver: any AnswerSetSolver, effort: Effort = Effort()
  ) throws -> CheapestHardening {
    let unstoppable = unstoppableGoals
    guard unstoppable.isEmpty else { return .impossible(unstoppable) }
    guard !core.goalNodes.isEmpty else {
      return .found(
        .init(set: controlSet([]), lowerBound: 0, isFirst: true, isConfirmed: true))
    }
    let inquiry = Inquiry(self, solver, effort)
    let answer = try inquiry.best(effort.tiesListed, [.allGoalsUnreachable])
    guard !answer.isExhausted || answer.isOptimal else {
      throw SolverFailure("the solver found no set, but all controls together are one")
    }
    guard answer.isOptimal, let any = answer.models.first else {
      return .found(stopped(at: answer.models.first))
    }
    let cost = controlSet(ofPositions: any).cost
    let (positions, isFirst) = try inquiry.firstOptimum(
      in: answer, or: [.allGoalsUnreachable, .cost(atMost: cost)])
    let set = controlSet(ofPositions: positions)
    guard isMinimalCut(set), set.cost == cost else {
      throw SolverFailure("the solver's set is not a cheapest one that cuts the goals")
    }
    var search = HittingSearch(self, branches: effort.checkingBranches)
    let cheaper = search.minimalSets(cheaperThan: set.cost)
    if let better = cheaper.first {
      throw SolverFailure(
        "the solver called \(set.cost) the least cost, but a set of \(better.cost) was found")
    }
    return .found(
      .init(
        set: set, lowerBound: set.cost, isFirst: isFirst, isConfirmed: search.isComplete))
  }

  /// What can be said when the solver has not finished: a set without superfluous members, and a bound.
  private func stopped(at positions: [Int]?) -> CheapestHardening.Found {
    let everything = Array(core.controls.indices)
    let candidates = [positions, everything].compactMap { $0 }.map {
      controlSet(ofPositions: withoutSuperfluous($0))
    }.filter(cutsAllOpenGoals)
    let set = candidates.min { $0.cost < $1.cost } ?? controlSet(core.controls)
    return .init(set: set, lowerBound: packingBound, isFirst: false, isConfirmed: false)
  }

  /// Leaves out members, the dearest first, as long as all open goals stay unreachable. What can be left out
  /// together can be left out one by one, so whole runs of members are tried first.
  private func withoutSuperfluous(_ positions: [Int]) -> [Int] {
    var isInPlace = [Bool](repeating: false, count: core.controls.count)
    for position in positions { isInPlace[position] = true }
    let costs = core.controls.map { controls[$0].cost }
    let dearestFirst = positions.sorted { (costs[$0], $0) > (costs[$1], $1) }
    var runs = [dearestFirst[...]]
    while let run = runs.popLast() {
      for position in run { isInPlace[position] = false }
      guard core.controlsToHit(with: isInPlace) != nil else { continue }
      for position in run { isInPlace[position] = true }
      guard run.count > 1 else { continue }
      runs.append(run.suffix(run.count / 2))
      runs.append(run.prefix(run.count - run.count / 2))
    }
    return positions.filter { isInPlace[$0] }
  }

  /// A lower bound of the cost: derivations of goals that share no control need one control each.
  package var packingBound: Int {
    var isUsed = [Bool](repeating: false, count: core.controls.count)
    var bound = 0
    while let toHit = core.controlsToHit(with: isUsed), !toHit.isEmpty {
      bound += toHit.map { controls[core.controls[$0]].cost }.min() ?? 0
      for position in toHit { isUsed[position] = true }
    }
    return bound
  }
}

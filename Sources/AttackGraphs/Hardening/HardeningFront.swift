/// What each budget buys: the exact Pareto front of cost against the weight of the goals made unreachable.
package struct HardeningFront: Sendable {
  package struct Point: Sendable, Hashable {
    /// The first set in the order of the controls with this cost and this effect.
    package let set: HardeningProblem.ControlSet
    /// The sum of the weights of the goals that this set makes unreachable.
    package let weightRemoved: Int
    /// The goals an attacker still reaches, by index, ascending.
    package let reachableGoals: [Int]
    /// `false` where the search for the first set was stopped: another may have the same cost and effect.
    package let isFirst: Bool
  }

  /// By rising cost, the first without any control. No set that costs at most as much as a point removes more
  /// weight, and none that removes as much costs less.
  package let points: [Point]
  /// The last point makes every goal unreachable that can be made so.
  package let isComplete: Bool
}

extension HardeningProblem {
  /// The first `limit` points of the front, from the cheapest on.
  ///
  /// - Throws: `SolverFailure` or what the solver throws.
  package func front(
    limit: Int, using solver: any AnswerSetSolver, effort: Effort = Effort()
  ) throws -> HardeningFront {
    let inquiry = Inquiry(self, solver, effort)
    let atFirst = openGoals(reachableGoals(with: []))
    var left = weight(of: atFirst)
    var points: [HardeningFront.Point] = []
    guard limit > 0 else { return HardeningFront(points: [], isComplete: false) }
    points.append(
      .init(
        set: controlSet([]), weightRemoved: 0, reachableGoals: reachableGoals(with: []),
        isFirst: true))
    while left > 0, points.count < limit {
      let demand = HardeningProgram.Demand.reachableWeight(atMost: left - 1)
      let answer = try inquiry.best(effort.tiesListed, [demand], .leastCostThenReachableWeight)
      guard !answer.isExhausted || answer.isOptimal else {
        throw SolverFailure("the solver found no set, but all controls together are one")
      }
      guard answer.isOptimal, let any = answer.models.first.map(controlSet(ofPositions:)) else {
        break
      }
      let remaining = weight(of: openGoals(reachableGoals(with: any.controls)))
      guard any.cost > points[points.count - 1].set.cost, remaining < left else {
        throw SolverFailure("the solver's set is no further point of the front")
      }
      let (positions, isFirst) = try inquiry.firstOptimum(
        in: answer, or: [.reachableWeight(atMost: remaining), .cost(atMost: any.cost)])
      let set = controlSet(ofPositions: positions)
      let reachable = reachableGoals(with: set.controls)
      guard set.cost == any.cost, weight(of: openGoals(reachable)) == remaining else {
        throw SolverFailure("the solver called a set optimal, but a better one was found")
      }
      points.append(
        .init(
          set: set, weightRemoved: weight(of: atFirst) - remaining, reachableGoals: reachable,
          isFirst: isFirst))
      left = remaining
    }
    return HardeningFront(points: points, isComplete: left == 0)
  }

  private func openGoals(_ indices: [Int]) -> [Int] {
    indices.filter { core.goals[$0] != .unstoppable }
  }

  private func weight(of indices: [Int]) -> Int { indices.reduce(0) { $0 + goals[$1].weight } }
}

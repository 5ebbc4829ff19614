/// Our own exact search for small hardening problems, without any solver: the check on what a solver claims.
///
/// A set of controls cuts the goals only if it holds one control of every derivation. So: find a derivation
/// that is not cut yet, branch over its controls, and leave the earlier ones out of the later branches.
///
/// Source: Reiter, "A theory of diagnosis from first principles", Artificial Intelligence 32, 1987.
package struct HittingSearch {
  private let problem: HardeningProblem
  private var branchesLeft: Int
  private var bound = Int.max
  private var isInPlace: [Bool]
  private var isLeftOut: [Bool]
  private var found: [HardeningProblem.ControlSet] = []
  /// Whether the search came to its end within its branches.
  package private(set) var isComplete = true

  package init(_ problem: HardeningProblem, branches: Int) {
    self.problem = problem
    branchesLeft = branches
    isInPlace = [Bool](repeating: false, count: problem.core.controls.count)
    isLeftOut = isInPlace
  }

  /// All minimal sets that cost less than `bound`, by cost and then in the order of the controls. Some may be
  /// missing where the search is not complete.
  package mutating func minimalSets(cheaperThan bound: Int = .max) -> [HardeningProblem.ControlSet]
  {
    self.bound = bound
    branch(depth: 0)
    return found.filter(isMinimal).sorted {
      $0.cost == $1.cost
        ? HardeningProblem.precedes($0.controls, $1.controls) : $0.cost < $1.cost
    }
  }

  private func isMinimal(_ set: HardeningProblem.ControlSet) -> Bool {
    let core = problem.core
    var isInPlace = core.controls.map { set.controls.contains($0) }
    return isInPlace.indices.allSatisfy { position in
      guard isInPlace[position] else { return true }
      isInPlace[position] = false
      defer { isInPlace[position] = true }
      return core.controlsToHit(with: isInPlace) != nil
    }
  }

  private mutating func branch(depth: Int) {
    guard isComplete, branchesLeft > 0, depth < 1_000 else {
      isComplete = false
      return
    }
    branchesLeft -= 1
    let chosen = isInPlace.indices.filter { isInPlace[$0] }
    let set = problem.controlSet(ofPositions: chosen)
    guard set.cost < bound else { return }
    guard let toHit = problem.core.controlsToHit(with: isInPlace) else {
      found.append(set)
      return
    }
    let choices = toHit.filter { !isLeftOut[$0] }
    for position in choices {
      isInPlace[position] = true
      branch(depth: depth + 1)
      isInPlace[position] = false
      isLeftOut[position] = true
    }
    for position in choices { isLeftOut[position] = false }
  }
}

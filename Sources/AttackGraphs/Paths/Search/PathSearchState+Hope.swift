/// Telling early that no completion of a partial derivation can be listed.
extension PathSearchState {
  /// Whether every completion derives the goal without one of the lists of sources in `problem.avoidable`,
  /// and so needs fewer fronts than asked for.
  ///
  /// An included node below which none of these sources can come, whatever is still chosen, is derived
  /// without them in every completion; so is what such nodes derive with each other.
  func needsTooLittle(_ problem: PathSearchProblem) -> Bool {
    problem.avoidable.contains { sources in
      let tainted = problem.dependents(of: sources, choices)
      return derivesGoal(problem) { !tainted[Int($0)] }
    }
  }

  /// Whether no completion rests on one of the lists of sources that it has to rest on, so that the
  /// derivation itself, whatever else its nodes would allow, needs fewer fronts than asked for.
  func restsOnTooLittle(_ problem: PathSearchProblem) -> Bool {
    problem.avoidable.contains { sources in
      !problem.dependents(of: sources, choices)[Int(problem.goal)]
    }
  }

  /// Whether the included nodes that are `given`, and what they derive among the included nodes, derive the
  /// goal.
  private func derivesGoal(_ problem: PathSearchProblem, _ given: (Int32) -> Bool) -> Bool {
    // What each included node still waits for; nothing else counts.
    var waitingFor = [Int32](repeating: 0, count: problem.count)
    var stack: [Int32] = []
    for node in included {
      if given(node) {
        stack.append(node)
      } else {
        waitingFor[Int(node)] =
          problem.isAnd[Int(node)] ? Int32(problem.parentPlaces(of: node).count) : 1
      }
    }
    while let node = stack.popLast() {
      if node == problem.goal { return true }
      for place in problem.childPlaces(of: node) {
        let child = Int(problem.children[place])
        guard waitingFor[child] > 0 else { continue }
        waitingFor[child] -= 1
        if waitingFor[child] == 0 { stack.append(Int32(truncatingIfNeeded: child)) }
      }
    }
    return false
  }
}

extension PathSearchProblem {
  /// The nodes that may rest on `sources`, straight or not, under the choices made so far.
  func dependents(of sources: [Int32], _ choices: [Int32]) -> [Bool] {
    var isMarked = [Bool](repeating: false, count: count)
    var stack = sources
    for source in sources { isMarked[Int(source)] = true }
    while let node = stack.popLast() {
      for place in childPlaces(of: node) {
        let child = children[place]
        guard !isMarked[Int(child)],
          isAnd[Int(child)] || choices[Int(child)] < 0 || choices[Int(child)] == node
        else { continue }
        isMarked[Int(child)] = true
        stack.append(child)
      }
    }
    return isMarked
  }
}

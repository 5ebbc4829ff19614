extension AndOrGraph {
  /// How the nodes of one set derive one another: for each node that is derived, the parents it rests on.
  package struct Derivation: Sendable {
    /// The derived nodes in the order of derivation rounds, ascending within a round.
    package var order: [Int32]
    /// In step with `order`: none for entries and given nodes, one for OR nodes, all for AND nodes.
    package var chosenParents: [[Int32]]
  }

  /// Derives what can be derived with the nodes of `set` (ascending) alone, round by round; an OR node rests
  /// on the parent that was derived first, the lowest of them if several were. A function of the set only.
  package func derivation(within set: [Int32], from fronts: Fronts) -> Derivation {
    var round = [Int](repeating: .max, count: set.count)
    func position(_ node: Int32) -> Int? {
      var low = 0
      var high = set.count
      while low < high {
        let middle = (low + high) / 2
        if set[middle] < node { low = middle + 1 } else { high = middle }
      }
      return low < set.count && set[low] == node ? low : nil
    }
    // The subset's own parent lists and their transpose, so that a chain costs its length, not its square.
    var inside: [[Int]] = []
    var waitingFor: [Int] = []
    var children = [[Int]](repeating: [], count: set.count)
    for (index, node) in set.enumerated() {
      let all = parents(of: Int(node))
      let known = all.compactMap(position)
      inside.append(known)
      waitingFor.append(kinds[Int(node)] == .and ? all.count : min(1, all.count))
      for parent in known { children[parent].append(index) }
    }
    var derivation = Derivation(order: [], chosenParents: [])
    var current = set.indices.filter {
      isEntry(Int(set[$0]), from: fronts) || kinds[Int(set[$0])] == .given
    }
    for index in current { round[index] = 0 }
    var number = 0
    while !current.isEmpty {
      for index in current {
        derivation.order.append(set[index])
        if number == 0 {
          derivation.chosenParents.append([])
        } else if kinds[Int(set[index])] == .and {
          derivation.chosenParents.append(inside[index].map { set[$0] })
        } else {
          let first = inside[index].min { (round[$0], $0) < (round[$1], $1) }
          derivation.chosenParents.append(first.map { [set[$0]] } ?? [])
        }
      }
      number += 1
      var next: [Int] = []
      for index in current {
        for child in children[index] where round[child] == .max {
          waitingFor[child] -= 1
          if waitingFor[child] <= 0 {
            round[child] = number
            next.append(child)
          }
        }
      }
      current = next.sorted()
    }
    return derivation
  }

  /// Whether the nodes of `set` alone derive `goal`.
  package func derives(_ goal: Int, within set: [Int32], from fronts: Fronts) -> Bool {
    derivation(within: set, from: fronts).order.contains(Int32(goal))
  }

  /// Whether `set`, the nodes of one derivation of `goal`, has no smaller part that derives it too.
  /// Derivability grows with the set, so it is enough to leave out one node at a time.
  package func isMinimal(_ set: [Int32], for goal: Int, from fronts: Fronts) -> Bool {
    let members = Set(set)
    let hasAlternatives = set.contains { node in
      kinds[Int(node)] == .or && !isEntry(Int(node), from: fronts)
        && parents(of: Int(node)).lazy.filter(members.contains).count > 1
    }
    guard hasAlternatives else { return true }
    return set.allSatisfy { left in
      Int(left) == goal || !derives(goal, within: set.filter { $0 != left }, from: fronts)
    }
  }

  /// Whether `set`, which derives `goal` from `fronts`, does not derive it from fewer.
  package func needs(_ fronts: Fronts, _ set: [Int32], for goal: Int) -> Bool {
    let fewer: [Fronts] = fronts == .both ? [.network, .sensor] : fronts.isEmpty ? [] : [[]]
    return fewer.allSatisfy { !derives(goal, within: set, from: $0) }
  }
}

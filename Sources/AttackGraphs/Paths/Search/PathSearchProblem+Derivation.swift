/// One derivation of the goal as a choice of one parent for each OR node it uses: what it looks like in the
/// graph, and what it costs as a tree.
extension PathSearchProblem {
  /// The nodes that `choices` (the parent of each OR node, −1 where there is none) derive the goal with, causes
  /// before effects. The choices lead the goal to sources without a cycle.
  func causesFirst(_ choices: [Int32]) -> [Int32] {
    var order: [Int32] = []
    var isSeen = [Bool](repeating: false, count: count)
    isSeen[Int(goal)] = true
    var stack: [(node: Int32, next: Int)] = [(goal, 0)]
    while let top = stack.last {
      let own = chosen(top.node, choices)
      guard top.next < own.count else {
        order.append(top.node)
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next += 1
      let parent = own[own.startIndex + top.next]
      if !isSeen[Int(parent)] {
        isSeen[Int(parent)] = true
        stack.append((parent, 0))
      }
    }
    return order
  }

  /// The chosen parent of each OR node that is decided, −1 elsewhere.
  func choices(_ decisions: [PathSearchDecision]) -> [Int32] {
    var choices = [Int32](repeating: -1, count: count)
    for decision in decisions { choices[Int(decision.node)] = decision.parent }
    return choices
  }

  /// The parents that `node` rests on; OR nodes without a choice rest on their only parent.
  func chosen(_ node: Int32, _ choices: [Int32]) -> ArraySlice<Int32> {
    let own = parents(of: node)
    if isAnd[Int(node)] || own.isEmpty { return own }
    let choice = choices[Int(node)]
    let place = own.firstIndex(of: choice) ?? own.startIndex
    return own[place...place]
  }

  /// In terms of the graph: rounds of derivation, ascending within a round.
  func derivation(_ choices: [Int32]) -> AndOrGraph.Derivation {
    let order = causesFirst(choices)
    var round = [Int32](repeating: 0, count: count)
    for node in order {
      for parent in chosen(node, choices) {
        round[Int(node)] = max(round[Int(node)], round[Int(parent)] + 1)
      }
    }
    let rounds = order.sorted { (round[Int($0)], $0) < (round[Int($1)], $1) }
    return AndOrGraph.Derivation(
      order: rounds.map { originals[Int($0)] },
      chosenParents: rounds.map { chosen($0, choices).map { originals[Int($0)] } })
  }
}

/// Adds costs of a tree: never infinite, so that a tree that is too dear for a number is still a tree.
struct TreeCost {
  static func sum(_ left: Double, _ right: Double) -> Double {
    min(left + right, .greatestFiniteMagnitude)
  }
}

/// A partial derivation: the decisions so far and everything that follows from them.
struct PathSearchState {
  /// The chosen parent of each OR node that is decided, forced or settled; −1 elsewhere.
  private(set) var choices: [Int32]
  /// The nodes every completion contains, in no particular order.
  private(set) var included: [Int32] = []
  /// Included OR nodes without a choice, ascending; empty in a complete derivation.
  private(set) var open: [Int32] = []
  /// Cost of the included nodes.
  private(set) var paid: Int64 = 0

  /// `nil` where the decisions lead into a cycle, or to nothing that another state does not give as well.
  ///
  /// `rank` is a fixed order of all nodes. Two rules keep equal sets from being built twice; both only drop
  /// derivations of a set that has another derivation:
  /// - an open node with a parent that is derived already takes it (the first in rank);
  /// - a decision is dropped once a parent before the chosen one in rank is derived without that node: the
  ///   same set, or a smaller one, follows from having chosen that parent.
  init?(
    _ problem: PathSearchProblem, decisions: [PathSearchDecision], rank: [Int32],
    scratch: inout PathSearchScratch
  ) {
    choices = [Int32](repeating: -1, count: problem.count)
    for decision in decisions { choices[Int(decision.node)] = decision.parent }
    while true {
      guard scratch.walk(problem, choices: &choices, blocked: -1) else { return nil }
      var isChanged = false
      for node in scratch.open {
        let settled = problem.parents(of: node).filter { scratch.isSettled($0) }
        if let first = settled.min(by: { rank[Int($0)] < rank[Int($1)] }) {
          choices[Int(node)] = first
          isChanged = true
        }
      }
      if !isChanged { break }
    }
    included = scratch.visited
    open = scratch.open.sorted()
    for node in included { paid += problem.costs[Int(node)] }

    for decision in decisions {
      let better = problem.parents(of: decision.node).filter {
        rank[Int($0)] < rank[Int(decision.parent)] && scratch.isSettled($0)
      }
      guard !better.isEmpty else { continue }
      var unchanged = choices
      var without = scratch
      guard without.walk(problem, choices: &unchanged, blocked: decision.node) else { return nil }
      if better.contains(where: { without.isSettled($0) }) { return nil }
    }
  }
}

/// One branch of the search: an OR node and the parent it rests on.
struct PathSearchDecision {
  var node: Int32
  var parent: Int32
}

/// A depth-first walk from the goal along the choices, with its working memory.
struct PathSearchScratch {
  private(set) var visited: [Int32] = []
  private(set) var open: [Int32] = []
  /// 0 unseen, 1 on the way, 2 done and derived, 3 done but resting on something open.
  private var marks: [UInt8]
  private var stack: [(node: Int32, next: Int32)] = []

  init(count: Int) { marks = [UInt8](repeating: 0, count: count) }

  func isSettled(_ node: Int32) -> Bool { marks[Int(node)] == 2 }

  /// `false` where the choices close a cycle. OR nodes with a single parent get it as their choice.
  /// The `blocked` node counts as open whatever its choice (but is walked through), −1 for none.
  mutating func walk(
    _ problem: PathSearchProblem, choices: inout [Int32], blocked: Int32
  ) -> Bool {
    for node in visited { marks[Int(node)] = 0 }
    visited.removeAll(keepingCapacity: true)
    open.removeAll(keepingCapacity: true)
    stack.removeAll(keepingCapacity: true)
    push(problem.goal)
    while let top = stack.last {
      let node = top.node
      let parent: Int32
      if problem.isSource[Int(node)] {
        finish(node, isSettled: true)
        continue
      }
      let own = problem.parents(of: node)
      if problem.isAnd[Int(node)] {
        guard Int(top.next) < own.count else {
          finish(node, isSettled: own.allSatisfy(isSettled))
          continue
        }
        parent = own[own.startIndex + Int(top.next)]
      } else {
        if own.count == 1, let only = own.first { choices[Int(node)] = only }
        parent = choices[Int(node)]
        guard parent >= 0 else {
          open.append(node)
          finish(node, isSettled: false)
          continue
        }
        guard top.next == 0 else {
          finish(node, isSettled: node != blocked && isSettled(parent))
          continue
        }
      }
      stack[stack.count - 1].next += 1
      if marks[Int(parent)] == 1 { return false }
      if marks[Int(parent)] == 0 { push(parent) }
    }
    return true
  }

  private mutating func push(_ node: Int32) {
    marks[Int(node)] = 1
    visited.append(node)
    stack.append((node, 0))
  }

  private mutating func finish(_ node: Int32, isSettled: Bool) {
    marks[Int(node)] = isSettled ? 2 : 3
    stack.removeLast()
  }
}

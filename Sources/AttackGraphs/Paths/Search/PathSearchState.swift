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
  /// Nodes that no completion worth having contains.
  private(set) var blocked: [Int32] = []

  /// `nil` where the decisions lead into a cycle, or to nothing that another state does not give as well.
  ///
  /// `rank` is a fixed order of all nodes. Where sets are listed, two rules keep equal ones from being built
  /// twice; both only drop derivations of a set that has another derivation:
  /// - an open node with a parent that is derived already takes it (the first in rank);
  /// - a decision is dropped once a parent before the chosen one in rank is derived without that node: the
  ///   same set, or a smaller one, follows from having chosen that parent.
  init?(
    _ problem: PathSearchProblem, _ listing: PathSearchEngine.Listing,
    decisions: [PathSearchDecision], rank: [Int32], scratch: inout PathSearchWalk
  ) {
    choices = [Int32](repeating: -1, count: problem.count)
    for decision in decisions { choices[Int(decision.node)] = decision.parent }
    while true {
      guard scratch.walk(problem, choices: &choices, doubted: -1) else { return nil }
      guard listing == .minimalSets else { break }
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
    guard listing == .minimalSets else {
      if restsOnTooLittle(problem) { return nil }
      return
    }
    if needsTooLittle(problem) { return nil }
    block(problem, decisions, rank, scratch)

    for decision in decisions {
      var better: [Int32] = []
      for place in problem.parentPlaces(of: decision.node) {
        let parent = problem.parents[place]
        if rank[Int(parent)] < rank[Int(decision.parent)] && scratch.isSettled(parent) {
          better.append(parent)
        }
      }
      guard !better.isEmpty else { continue }
      guard scratch.walk(problem, choices: &choices, doubted: decision.node) else { return nil }
      if better.contains(where: { scratch.isSettled($0) }) { return nil }
      guard scratch.walk(problem, choices: &choices, doubted: -1) else { return nil }
    }
  }

  /// Finds nodes that cannot join a minimal set any more. Whatever joins from now on does so below an open
  /// node. Let OR node o rest on q, and let p be another parent of o that is not included:
  /// - where all open nodes lie below q and only o rests on q, p would derive o without q, and q could go;
  /// - where o → q was a decision, all open nodes lie below o and p stands before q in rank, the same set
  ///   follows from having chosen p.
  private mutating func block(
    _ problem: PathSearchProblem, _ decisions: [PathSearchDecision], _ rank: [Int32],
    _ scratch: PathSearchWalk
  ) {
    guard !open.isEmpty, open.count <= 16 else { return }
    var dependents: [Int32: [Int32]] = [:]
    for node in included where !problem.isSource[Int(node)] {
      if problem.isAnd[Int(node)] {
        for parent in problem.parents(of: node) { dependents[parent, default: []].append(node) }
      } else if choices[Int(node)] >= 0 {
        dependents[choices[Int(node)], default: []].append(node)
      }
    }
    // Which nodes have all open nodes below them (or are the only one).
    var above: [Int32: Int] = [:]
    for start in open {
      var seen: Set<Int32> = [start]
      var stack = [start]
      while let node = stack.popLast() {
        above[node, default: 0] += 1
        for next in dependents[node] ?? [] where seen.insert(next).inserted { stack.append(next) }
      }
    }
    func isAboveAll(_ node: Int32) -> Bool { above[node] == open.count }
    for node in included where choices[Int(node)] >= 0 {
      let chosen = choices[Int(node)]
      if isAboveAll(chosen) && dependents[chosen]?.count == 1 {
        blocked += problem.parents(of: node).filter { !scratch.isVisited($0) }
      }
    }
    for decision in decisions where isAboveAll(decision.node) {
      blocked += problem.parents(of: decision.node).filter {
        rank[Int($0)] < rank[Int(decision.parent)] && !scratch.isVisited($0)
      }
    }
  }
}

/// One branch of the search: an OR node and the parent it rests on.
struct PathSearchDecision {
  var node: Int32
  var parent: Int32
}

/// A depth-first walk from the goal along the choices, with its working memory.
struct PathSearchWalk {
  private(set) var visited: [Int32] = []
  private(set) var open: [Int32] = []
  /// 0 unseen, 1 on the way, 2 done and derived, 3 done but resting on something open.
  private var marks: [UInt8]
  private var stack: [(node: Int32, next: Int32)] = []

  init(count: Int) { marks = [UInt8](repeating: 0, count: count) }

  func isVisited(_ node: Int32) -> Bool { marks[Int(node)] != 0 }
  func isSettled(_ node: Int32) -> Bool { marks[Int(node)] == 2 }

  /// `false` where the choices close a cycle. OR nodes with a single parent get it as their choice.
  /// The `doubted` node counts as not derived whatever it rests on, −1 for none.
  mutating func walk(
    _ problem: PathSearchProblem, choices: inout [Int32], doubted: Int32
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
      let own = problem.parentPlaces(of: node)
      if problem.isAnd[Int(node)] {
        guard Int(top.next) < own.count else {
          var isSettled = true
          for place in own where !self.isSettled(problem.parents[place]) { isSettled = false }
          finish(node, isSettled: isSettled)
          continue
        }
        parent = problem.parents[own.lowerBound + Int(top.next)]
      } else {
        if own.count == 1 { choices[Int(node)] = problem.parents[own.lowerBound] }
        parent = choices[Int(node)]
        guard parent >= 0 else {
          open.append(node)
          finish(node, isSettled: false)
          continue
        }
        guard top.next == 0 else {
          finish(node, isSettled: node != doubted && isSettled(parent))
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

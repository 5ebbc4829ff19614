/// The bare AND/OR graph under an attack graph: what path search and reachability work on, without assets,
/// languages or names.
///
/// An OR node is derived when one parent is, an AND node when all its parents are; a `given` node is derived
/// by itself, a `blocked` one never. An OR or AND node without parents is never derived, and nothing is
/// derived through a cycle. A node with entry fronts is derived at no cost by an attacker who stands at one
/// of them, whatever its kind.
package struct AndOrGraph: Sendable {
  package enum Kind: Sendable, Hashable {
    case or, and, given, blocked
  }

  package let kinds: [Kind]
  /// −ln(probability) of each node, finite and not negative; ignored for entries and blocked nodes.
  package let costs: [Double]
  /// The fronts at which a node stands open; empty where it is no entry.
  package let entryFronts: [Fronts]
  package let parentOffsets: [Int32]
  /// Ascending and without repetition for each node; empty for `given` and `blocked` nodes.
  package let parents: [Int32]
  private let childOffsets: [Int32]
  private let children: [Int32]

  /// `parents(v)` may name a node more than once and in any order.
  package init(
    kinds: [Kind], costs: [Double], entryFronts: [Fronts], parents: (Int) -> some Sequence<Int32>
  ) {
    precondition(kinds.count == costs.count && kinds.count == entryFronts.count)
    var offsets: [Int32] = [0]
    offsets.reserveCapacity(kinds.count + 1)
    var flat: [Int32] = []
    for node in kinds.indices {
      if kinds[node] == .or || kinds[node] == .and {
        var previous: Int32 = -1
        for parent in parents(node).sorted() where parent != previous {
          flat.append(parent)
          previous = parent
        }
      }
      offsets.append(Int32(flat.count))
    }
    self.kinds = kinds
    self.costs = costs
    self.entryFronts = entryFronts
    parentOffsets = offsets
    self.parents = flat
    (childOffsets, children) = Self.transposed(offsets: offsets, targets: flat)
  }

  package var count: Int { kinds.count }

  /// The same graph in which these nodes are never derived, except by an attacker who stands there.
  package func blocking(_ isBlocked: [Bool]) -> AndOrGraph {
    precondition(isBlocked.count == count, "one flag for each node")
    return AndOrGraph(
      kinds: kinds.indices.map { isBlocked[$0] ? .blocked : kinds[$0] }, costs: costs,
      entryFronts: entryFronts, parents: { self.parents(of: $0) })
  }

  package func parents(of node: Int) -> ArraySlice<Int32> {
    parents[Int(parentOffsets[node])..<Int(parentOffsets[node + 1])]
  }

  package func isEntry(_ node: Int, from fronts: Fronts) -> Bool {
    !entryFronts[node].isDisjoint(with: fronts)
  }

  /// Which nodes an attacker who stands at all of `fronts` can reach. Linear in the size of the graph.
  /// With a `goal`: which of them without resting on the goal.
  package func reached(
    from fronts: Fronts, leadingNoFurtherThan goal: Int? = nil
  ) -> [Bool] {
    var reached = [Bool](repeating: false, count: count)
    var waitingFor = [Int32](repeating: 0, count: count)
    var queue: [Int] = []
    for node in 0..<count {
      waitingFor[node] = parentOffsets[node + 1] - parentOffsets[node]
      if isEntry(node, from: fronts) || kinds[node] == .given {
        reached[node] = true
        queue.append(node)
      }
    }
    while let node = queue.popLast() {
      guard node != goal else { continue }
      for child in children[Int(childOffsets[node])..<Int(childOffsets[node + 1])] {
        let child = Int(child)
        guard !reached[child] else { continue }
        waitingFor[child] -= 1
        if kinds[child] == .or || waitingFor[child] == 0 {
          reached[child] = true
          queue.append(child)
        }
      }
    }
    return reached
  }

  /// Turns "targets of each node" into "nodes that target me", ascending.
  static func transposed(offsets: [Int32], targets: [Int32]) -> ([Int32], [Int32]) {
    let count = offsets.count - 1
    var starts = [Int32](repeating: 0, count: count + 2)
    for target in targets { starts[Int(target) + 2] += 1 }
    for node in 0..<count { starts[node + 2] += starts[node + 1] }
    // starts[v + 1] is where the row of v is filled next; in the end it is where the next row starts.
    var sources = [Int32](repeating: 0, count: targets.count)
    for node in 0..<count {
      // By place, not over the slice: a slice's iterator would count references for every node.
      for place in Int(offsets[node])..<Int(offsets[node + 1]) {
        let target = Int(targets[place])
        sources[Int(starts[target + 1])] = Int32(node)
        starts[target + 1] += 1
      }
    }
    starts.removeLast()
    return (starts, sources)
  }
}

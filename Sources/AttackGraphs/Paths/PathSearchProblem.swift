/// The part of an AND/OR graph that matters for one goal, renumbered without gaps: what can be derived and
/// can take part in deriving the goal. Entries and given nodes have become `isSource`.
///
/// Costs are whole numbers of `unit`, so that the cost of a set does not depend on the order of adding, and
/// two sets with the same probabilities cost exactly the same.
struct PathSearchProblem {
  /// The node of the original graph behind each node, ascending.
  let originals: [Int32]
  let goal: Int32
  let isSource: [Bool]
  let isAnd: [Bool]
  let costs: [Int64]
  let parentOffsets: [Int32]
  let parents: [Int32]
  /// For each front that must be used: the entries that stand open to no other front.
  let required: [[Int32]]
  /// Nats a unit of cost stands for; a power of two, and small enough that all costs together fit.
  let unit: Double

  var count: Int { originals.count }

  func parents(of node: Int32) -> ArraySlice<Int32> {
    parents[Int(parentOffsets[Int(node)])..<Int(parentOffsets[Int(node) + 1])]
  }

  /// `nil` where the goal cannot be reached from `fronts`.
  init?(_ graph: AndOrGraph, goal: Int, fronts: Fronts) {
    let reached = graph.reached(from: fronts, leadingNoFurtherThan: goal)
    guard reached[goal] else { return nil }
    func usable(_ node: Int) -> [Int32] {
      guard !graph.isEntry(node, from: fronts) else { return [] }
      // Nothing on the way to the goal rests on the goal.
      return graph.parents(of: node).filter { reached[Int($0)] && Int($0) != goal }
    }
    var position = [Int32](repeating: -1, count: graph.count)
    var stack = [Int32(goal)]
    position[goal] = 0
    while let node = stack.popLast() {
      for parent in usable(Int(node)) where position[Int(parent)] < 0 {
        position[Int(parent)] = 0
        stack.append(parent)
      }
    }
    let originals = position.indices.filter { position[$0] == 0 }.map { Int32($0) }
    for (index, original) in originals.enumerated() { position[Int(original)] = Int32(index) }

    let nats = originals.map { node in
      graph.isEntry(Int(node), from: fronts) ? 0 : graph.costs[Int(node)]
    }
    // 2⁻⁴⁴ nats resolve everything that a sum of doubles of this size would.
    var unit = 0x1p-44
    let total = nats.reduce(0, +)
    while total / unit > 0x1p60 { unit *= 2 }

    var offsets: [Int32] = [0]
    var parents: [Int32] = []
    var isSource: [Bool] = []
    for original in originals {
      let own = usable(Int(original))
      parents += own.map { position[Int($0)] }
      offsets.append(Int32(parents.count))
      isSource.append(own.isEmpty)
    }
    self.originals = originals
    self.goal = position[goal]
    self.isSource = isSource
    isAnd = originals.map { graph.kinds[Int($0)] == .and && !graph.isEntry(Int($0), from: fronts) }
    costs = nats.map { Int64(($0 / unit).rounded(.toNearestOrEven)) }
    parentOffsets = offsets
    self.parents = parents
    self.unit = unit
    required =
      fronts == .both
      ? [Fronts.network, .sensor].map { front in
        originals.indices.filter { graph.entryFronts[Int(originals[$0])] == front }.map {
          Int32($0)
        }
      } : []
  }

  func nats(_ cost: Int64) -> Double { Double(cost) * unit }
}

/// The part of an AND/OR graph that matters for one goal, with costs. Entries and given nodes have become
/// `isSource`.
///
/// Costs are whole numbers of `units`, so that the cost of a set does not depend on the order of adding, and
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
  /// For each set of fronts that must not do: the sources that do not stand open to it.
  let avoidable: [[Int32]]
  let units: CostUnits
  let childOffsets: [Int32]
  let children: [Int32]

  var count: Int { originals.count }

  /// Places in `parents`, for loops that a slice's counting of references would slow down.
  @inline(__always)
  func parentPlaces(of node: Int32) -> Range<Int> {
    Int(parentOffsets[Int(node)])..<Int(parentOffsets[Int(node) + 1])
  }

  /// Places in `children`.
  @inline(__always)
  func childPlaces(of node: Int32) -> Range<Int> {
    Int(childOffsets[Int(node)])..<Int(childOffsets[Int(node) + 1])
  }

  func parents(of node: Int32) -> ArraySlice<Int32> {
    parents[parentPlaces(of: node)]
  }

  func children(of node: Int32) -> ArraySlice<Int32> {
    children[childPlaces(of: node)]
  }

  /// `nil` where the goal cannot be reached by the fronts of `demand`. `costs` stand in step with the nodes
  /// of the graph, in place of its own.
  init?(_ graph: AndOrGraph, goal: Int, demand: FrontDemand, costs: [Double]? = nil) {
    let fronts = demand.fronts
    guard
      let cone = GoalCone(
        graph, goal: goal,
        isSource: { graph.kinds[$0] == .given || graph.isEntry($0, from: fronts) })
    else { return nil }
    let own = costs ?? graph.costs
    precondition(own.count == graph.count, "one cost for each node")
    originals = cone.originals
    self.goal = cone.goal
    isSource = cone.isSource
    parentOffsets = cone.parentOffsets
    parents = cone.parents
    isAnd = originals.indices.map {
      graph.kinds[Int(cone.originals[$0])] == .and && !cone.isSource[$0]
    }
    let paid = originals.map { graph.isEntry(Int($0), from: fronts) ? 0 : own[Int($0)] }
    let units = CostUnits(total: paid.reduce(0, +))
    self.costs = paid.map(units.whole)
    self.units = units
    (childOffsets, children) = AndOrGraph.transposed(
      offsets: cone.parentOffsets, targets: cone.parents)
    avoidable = demand.tooFew.map { fewer in
      cone.originals.indices.filter { index in
        let node = Int(cone.originals[index])
        return cone.isSource[index] && graph.kinds[node] != .given
          && !graph.isEntry(node, from: fewer)
      }.map { Int32($0) }
    }
    required =
      demand == .exactly(.both)
      ? [Fronts.network, .sensor].map { front in
        cone.originals.indices.filter {
          cone.isSource[$0] && graph.entryFronts[Int(cone.originals[$0])] == front
        }.map { Int32($0) }
      } : []
  }
}

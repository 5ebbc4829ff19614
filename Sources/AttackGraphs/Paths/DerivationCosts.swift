/// The three numbers that all are called the cost of an attack path, and which of them put it into its place
/// in a list.
///
/// `provenMinimum ≤ setCost ≤ treeCost` for every derivation of the goal, up to rounding; where nothing is
/// used twice the last two are equal.
public struct DerivationCosts: Sendable, Hashable {
  public enum Measure: String, Sendable, Hashable, CaseIterable {
    /// A step is paid for again each time something rests on it.
    case treeCost
    /// Each distinct step is paid for once.
    case setCost

    /// For people who read a report.
    public var description: String {
      switch self {
      case .treeCost: "tree cost (a step counts each time it is used)"
      case .setCost: "cost of the distinct steps (each counts once)"
      }
    }
  }

  /// The sum over the derivation unfolded into a tree.
  public var treeCost: Double
  /// The sum over the distinct steps of the derivation.
  public var setCost: Double
  /// The least `setCost` of all derivations of the goal for the same attacker. `nil` where it was not
  /// proved: the problem is NP-hard. It is a number of the goal, not of this path.
  public var provenMinimum: Double?
  /// The cost by which this path stands in its list.
  public var listedBy: Measure

  public init(
    treeCost: Double, setCost: Double, provenMinimum: Double?, listedBy: Measure
  ) {
    self.treeCost = treeCost
    self.setCost = setCost
    self.provenMinimum = provenMinimum
    self.listedBy = listedBy
  }

  /// The cost by which the path is listed.
  public var listed: Double {
    switch listedBy {
    case .treeCost: treeCost
    case .setCost: setCost
    }
  }
}

extension AndOrGraph.Derivation {
  /// Tree cost and set cost in step with the graph's nodes' `costs`; entries of `fronts` cost nothing.
  package func costs(
    in graph: AndOrGraph, from fronts: Fronts, costs: [Double]? = nil
  ) -> (tree: Double, set: Double) {
    let all = costs ?? graph.costs
    precondition(all.count == graph.count, "one cost for each node")
    return sums(in: graph, from: fronts) { all[Int($0)] }
  }

  /// The same with the costs rounded as the search rounds them, so that a tree in which nothing is used twice
  /// costs exactly what its set does.
  func costs(
    in graph: AndOrGraph, from fronts: Fronts, costs: [Double]?, units: CostUnits
  ) -> (tree: Double, set: Double) {
    let all = costs ?? graph.costs
    return sums(in: graph, from: fronts) { units.cost(units.whole(all[Int($0)])) }
  }

  private func sums(
    in graph: AndOrGraph, from fronts: Fronts, cost: (Int32) -> Double
  ) -> (tree: Double, set: Double) {
    var trees: [Int32: Double] = [:]
    var set = 0.0
    var last = 0.0
    for (node, chosen) in zip(order, chosenParents) {
      let own = graph.isEntry(Int(node), from: fronts) ? 0 : cost(node)
      set += own
      last = chosen.reduce(own) { TreeCost.sum($0, trees[$1] ?? 0) }
      trees[node] = last
    }
    return (last, set)
  }
}

/// The k shortest simple paths to a goal where every step needs only one of its parents: AND nodes count as
/// OR nodes.
///
/// A path leads from a start to the goal without meeting a node twice or passing over another start. Paths
/// come in the order of their cost, then number of nodes, then nodes from the start on; where more of them
/// tie than the limit has room for, a fixed order of the search decides which are listed. Costs are added
/// as whole numbers of a fine unit (`CostUnits`), so equal sums tie exactly.
package struct ShortestSimplePaths: Sendable {
  /// Where paths may begin.
  package enum Start: Sendable {
    /// At entries and given nodes, for an attacker with these fronts. Entries cost nothing.
    case standing(FrontDemand)
    /// At these nodes only, free of cost.
    case nodes([Int32])
  }

  package struct Path: Sendable, Hashable {
    /// From the start to the goal.
    package var nodes: [Int32]
    package var cost: Double
  }

  package var paths: [Path] = []
  package var statement = ListStatement.complete
  /// Edges and nodes looked at.
  package var work = 0

  /// Limits for graphs made to be hard: seconds of work, and some hundred megabytes.
  package static let workLimit = 1_000_000_000

  /// - Parameters:
  ///   - costs: In step with the nodes, in place of the graph's own; finite and not negative.
  ///   - edgeCosts: In step with `graph.parents`: a path then costs the sum over its edges instead, and its
  ///     nodes cost nothing.
  ///   - limit: Paths listed at most.
  package static func search(
    _ graph: AndOrGraph, goal: Int, from start: Start, costs: [Double]? = nil,
    edgeCosts: [Double]? = nil, limit: Int, workLimit: Int = workLimit
  ) -> ShortestSimplePaths {
    precondition(graph.kinds.indices.contains(goal), "the goal is a node of the graph")
    guard
      var search = SimplePathSearch(
        graph, goal: goal, start, costs ?? graph.costs, edgeCosts, workLimit)
    else { return ShortestSimplePaths() }
    return search.run(limit: limit)
  }
}

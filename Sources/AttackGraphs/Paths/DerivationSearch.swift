/// The k best derivations of a goal in an AND/OR graph: what is chosen where there is a choice, not only
/// which steps are taken.
///
/// A derivation chooses one parent for each OR node it uses, rests AND nodes on all of their parents, goes in
/// no circle and ends in entries and given nodes. Two derivations differ when their chosen parents do, even
/// if they use the same nodes. `PathSearchEngine` lists minimal sets instead; on a graph of OR nodes only,
/// derivations are the simple paths.
package struct DerivationSearch: Sendable {
  package struct Found: Sendable {
    package var derivation: AndOrGraph.Derivation
    package var costs: DerivationCosts

    /// The distinct nodes, ascending.
    package var nodes: [Int32] { derivation.order.sorted() }
  }

  /// By the cost that was asked for, then number of nodes, nodes and chosen parents. Set costs that differ by
  /// less than 2⁻²⁴ count as ties where the limit cuts the list.
  package var found: [Found] = []
  package var statement = ListStatement.complete
  /// States that were looked at.
  package var expansions = 0

  /// Tree cost takes polynomial time for each derivation; set cost is NP-hard, and so is telling which
  /// derivations need both fronts, hence the limits.
  ///
  /// - Parameters:
  ///   - measure: The cost that orders the list.
  ///   - costs: In step with the nodes, in place of the graph's own; finite and not negative.
  ///   - limit: Derivations listed at most.
  ///   - expansionLimit: States looked at, at most.
  ///   - minimumExpansions: Further states for proving the least set cost, where the list does not.
  package static func search(
    _ graph: AndOrGraph, goal: Int, for demand: FrontDemand,
    by measure: DerivationCosts.Measure, costs: [Double]? = nil, limit: Int,
    expansionLimit: Int = 20_000, minimumExpansions: Int = 0
  ) -> DerivationSearch {
    precondition(graph.kinds.indices.contains(goal), "the goal is a node of the graph")
    guard let problem = PathSearchProblem(graph, goal: goal, demand: demand, costs: costs) else {
      return DerivationSearch()
    }
    if problem.hasNoJoins {
      return paths(graph, goal, demand, measure, costs, limit)
    }
    var search =
      switch measure {
      case .treeCost:
        byTreeCost(problem, graph, demand, costs, limit: limit, expansionLimit: expansionLimit)
      case .setCost:
        bySetCost(
          problem, graph, goal, demand, costs, limit: limit, expansionLimit: expansionLimit)
      }
    if minimumExpansions > 0 && !search.found.isEmpty && search.minimum == nil {
      let least = PathSearchEngine.search(
        problem, graph, goal: goal, demand: demand, listing: .derivations, limit: 1,
        expansionLimit: minimumExpansions)
      search.minimum = least.paths.first?.cost
    }
    return search
  }

  /// Where nothing needs two parents, both costs are that of a simple path.
  private static func paths(
    _ graph: AndOrGraph, _ goal: Int, _ demand: FrontDemand, _ measure: DerivationCosts.Measure,
    _ costs: [Double]?, _ limit: Int
  ) -> DerivationSearch {
    // As drawn: an AND node that is not derived must not be taken for an OR node that is.
    var search = SimplePathSearch(
      graph, goal: goal, .standing(demand), costs ?? graph.costs, nil, view: .asDrawn)
    guard let list = search?.run(limit: limit) else { return DerivationSearch() }
    let least = list.paths.first?.cost
    return DerivationSearch(
      found: list.paths.map { path in
        Found(
          derivation: AndOrGraph.Derivation(
            order: path.nodes,
            chosenParents: [[]] + path.nodes.dropLast().map { [$0] }),
          costs: DerivationCosts(
            treeCost: path.cost, setCost: path.cost, provenMinimum: least, listedBy: measure))
      }, statement: list.statement, expansions: list.paths.count)
  }

  static func byTreeCost(
    _ problem: PathSearchProblem, _ graph: AndOrGraph, _ demand: FrontDemand, _ costs: [Double]?,
    limit: Int, expansionLimit: Int
  ) -> DerivationSearch {
    var engine = TreeCostSearch(problem)
    let outcome = engine.run(limit: limit, expansionLimit: expansionLimit) { choices in
      let sources = problem.causesFirst(choices).filter { problem.isSource[Int($0)] }
      return demand.isMet(by: sources.map { problem.originals[Int($0)] }, of: graph)
    }
    var search = DerivationSearch(
      found: outcome.found.map { found in
        let derivation = problem.derivation(problem.choices(found.decisions))
        let set = derivation.costs(
          in: graph, from: demand.fronts, costs: costs, units: problem.units
        ).set
        return Found(
          derivation: derivation,
          costs: DerivationCosts(
            treeCost: found.cost, setCost: set, provenMinimum: nil, listedBy: .treeCost))
      }, statement: outcome.statement, expansions: outcome.expansions)
    search.sort()
    return search
  }

  static func bySetCost(
    _ problem: PathSearchProblem, _ graph: AndOrGraph, _ goal: Int, _ demand: FrontDemand,
    _ costs: [Double]?, limit: Int,
    expansionLimit: Int
  ) -> DerivationSearch {
    let outcome = PathSearchEngine.search(
      problem, graph, goal: goal, demand: demand, listing: .derivations, limit: limit,
      expansionLimit: expansionLimit)
    var search = DerivationSearch(
      found: outcome.paths.map { path in
        let tree = path.derivation.costs(
          in: graph, from: demand.fronts, costs: costs, units: problem.units
        ).tree
        return Found(
          derivation: path.derivation,
          costs: DerivationCosts(
            treeCost: tree, setCost: path.cost, provenMinimum: nil, listedBy: .setCost))
      }, statement: outcome.statement, expansions: outcome.expansions)
    search.sort()
    // The first of a list in the order of set cost costs no more than any other derivation.
    search.minimum = search.found.first?.costs.setCost
    return search
  }

  private var minimum: Double? {
    get { found.first?.costs.provenMinimum }
    set { for index in found.indices { found[index].costs.provenMinimum = newValue } }
  }

  private mutating func sort() {
    let keyed = found.map { (found: $0, nodes: $0.nodes) }
    found = keyed.sorted { left, right in
      let (a, b) = (left.found.costs.listed, right.found.costs.listed)
      if a != b { return a < b }
      if left.nodes != right.nodes {
        return left.nodes.count != right.nodes.count
          ? left.nodes.count < right.nodes.count
          : left.nodes.lexicographicallyPrecedes(right.nodes)
      }
      return left.found.derivation.chosenInOrder.lexicographicallyPrecedes(
        right.found.derivation.chosenInOrder)
    }.map(\.found)
  }
}

extension PathSearchProblem {
  /// No node needs two parents, so that every derivation is a path.
  var hasNoJoins: Bool {
    originals.indices.allSatisfy { !isAnd[$0] || parents(of: Int32($0)).count == 1 }
  }
}

extension AndOrGraph.Derivation {
  /// The chosen parents of the nodes in ascending order of nodes: the same for the same choices only.
  var chosenInOrder: [Int32] {
    zip(order, chosenParents).sorted { $0.0 < $1.0 }.flatMap(\.1)
  }
}

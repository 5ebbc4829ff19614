/// Best-first search for the cheapest derivations of one goal, or the cheapest minimal sets: exact,
/// sequential, the same on every machine.
///
/// A state is a set of decisions (which parent an OR node rests on). It is ordered by what it has paid plus
/// the landmark bound on the rest, so complete derivations come out in the order of their cost. Deciding
/// this is NP-hard in general (shared steps count once), hence the limits on expansions, memory and work.
package struct PathSearchEngine: ~Copyable {
  package struct Outcome: Sendable {
    package struct Path: Sendable {
      /// Ascending.
      package var nodes: [Int32]
      package var derivation: AndOrGraph.Derivation
      /// Sum of the distinct nodes' costs.
      package var cost: Double
    }

    /// By cost, then number of nodes, then the nodes themselves.
    package var paths: [Path] = []
    package var statement = ListStatement.complete
    package var expansions = 0

    package var isComplete: Bool { statement.isComplete }
    /// What every path that is not listed costs at least; infinite when the list is complete.
    package var bound: Double { statement.bound }
  }

  /// What counts as one path.
  enum Listing {
    /// A set of nodes of which none can be left out; how they derive one another is no matter.
    case minimalSets
    /// A choice of one parent for each OR node in use: the same nodes may be listed several times, and with
    /// nodes that another choice would not need.
    case derivations
  }

  private struct Record {
    var previous: Int32
    var depth: Int32
    var decision: PathSearchDecision
    /// Indices into `landmarks`: what the state before had still to do. Shared between siblings.
    var inherited: [Int32]
    /// The landmarks are the state's own already, and say all that the bound can say.
    var isEvaluated = false
    /// Its place in the queue among states of equal bound: deeper first, then older first, which goes
    /// straight down a plateau.
    var order: Int64 { Int64(-depth) << 32 }
  }

  /// States and entries of landmarks kept at most: together at most about 150 MB.
  private static let recordLimit = 1_000_000
  private static let landmarkEntryLimit = 16_000_000
  /// Edges looked at by the bound at most: a few seconds on hostile graphs.
  private static let workLimit = 200_000_000

  /// Bounds are rounded down to multiples of 2⁻²⁴ nats: states that differ by less count as equal, so that
  /// rounding in the bound does not send the search from one to the other across a plateau of ties.
  private static func coarse(_ cost: Int64) -> Int64 { cost & ~0xF_FFFF }

  private let graph: AndOrGraph
  private let goal: Int
  private let demand: FrontDemand
  private let listing: Listing
  private let problem: PathSearchProblem
  private let rank: [Int32]
  private let distances: [Int64]
  private var bound: PathSearchBound
  private var scratch: PathSearchWalk
  private var records: [Record] = []
  private var landmarks = Landmarks()
  private var landmarkEntries = 0
  /// What each node costs beside the landmarks; scratch.
  private var remaining: [Int64] = []
  private var queue = PathSearchHeap()
  private var workOnSets = 0

  /// The cheapest minimal sets that derive `goal` from exactly `fronts`: with all of them, and not with fewer.
  /// The search ends where every other costs more than `ceiling`.
  package static func search(
    _ graph: AndOrGraph, goal: Int, needing fronts: Fronts, costs: [Double]? = nil, limit: Int,
    expansionLimit: Int, ceiling: Double = .infinity
  ) -> Outcome {
    precondition(graph.kinds.indices.contains(goal), "the goal is a node of the graph")
    let demand = FrontDemand.exactly(fronts)
    guard let problem = PathSearchProblem(graph, goal: goal, demand: demand, costs: costs) else {
      return Outcome()
    }
    return search(
      problem, graph, goal: goal, demand: demand, listing: .minimalSets, limit: limit,
      expansionLimit: expansionLimit, ceiling: ceiling)
  }

  /// `problem` is that of `graph`, `goal` and `demand`.
  static func search(
    _ problem: PathSearchProblem, _ graph: AndOrGraph, goal: Int, demand: FrontDemand,
    listing: Listing, limit: Int, expansionLimit: Int, ceiling: Double = .infinity
  ) -> Outcome {
    var engine = PathSearchEngine(graph, goal, demand, listing, problem)
    return engine.run(limit: limit, expansionLimit: expansionLimit, ceiling: ceiling)
  }

  private init(
    _ graph: AndOrGraph, _ goal: Int, _ demand: FrontDemand, _ listing: Listing,
    _ problem: PathSearchProblem
  ) {
    self.graph = graph
    self.goal = goal
    self.demand = demand
    self.listing = listing
    self.problem = problem
    var bound = PathSearchBound(problem)
    let distances = bound.distances(costs: problem.costs)
    var rank = [Int32](repeating: 0, count: problem.count)
    let order = rank.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
    for (place, node) in order.enumerated() { rank[node] = Int32(place) }
    self.rank = rank
    self.distances = distances
    self.bound = bound
    scratch = PathSearchWalk(count: problem.count)
  }

  private mutating func run(limit: Int, expansionLimit: Int, ceiling: Double) -> Outcome {
    var outcome = Outcome()
    var found: Set<[Int32]> = []
    records.append(
      Record(
        previous: -1, depth: 0, decision: PathSearchDecision(node: -1, parent: -1),
        inherited: []))
    queue.insert(PathSearchHeap.Entry(cost: 0, order: 0))
    while let candidate = queue.first {
      let bound = problem.units.cost(candidate.cost)
      guard outcome.paths.count < limit, bound <= ceiling else {
        outcome.statement = .completeUpTo(bound: bound)
        break
      }
      if let reached = limitReached(outcome, expansionLimit) {
        outcome.statement = .stopped(at: reached, bound: bound)
        break
      }
      guard let expanded = step(&outcome, &found) else {
        outcome.statement = .stopped(at: .memory, bound: bound)
        break
      }
      if expanded { outcome.expansions += 1 }
    }
    outcome.paths.sort {
      if $0.cost != $1.cost { return $0.cost < $1.cost }
      if $0.nodes.count != $1.nodes.count { return $0.nodes.count < $1.nodes.count }
      return $0.nodes.lexicographicallyPrecedes($1.nodes)
    }
    return outcome
  }

  private func limitReached(
    _ outcome: Outcome, _ expansionLimit: Int
  ) -> ListStatement.Limit? {
    if outcome.expansions >= expansionLimit { return .expansions }
    return bound.work &+ workOnSets < Self.workLimit ? nil : .work
  }

  /// Takes the best state out; `nil` where its branches would not fit into memory, which ends the search.
  /// `true` if the state was expanded or completed, `false` if it only found its true place in the queue.
  private mutating func step(_ outcome: inout Outcome, _ found: inout Set<[Int32]>) -> Bool? {
    guard let candidate = queue.popFirst() else { return nil }
    let index = Int(Int32(truncatingIfNeeded: candidate.order))
    let decisions = decisions(of: index)
    workOnSets += problem.count
    guard
      let state = PathSearchState(
        problem, listing, decisions: decisions, rank: rank, scratch: &scratch)
    else { return true }
    guard let branching = branchingNode(of: state) else {
      complete(state, &outcome, &found)
      return true
    }
    let wasEvaluated = records[index].isEvaluated
    guard
      let (bound, ahead) = evaluate(
        state, inherited: records[index].inherited, isKnown: wasEvaluated)
    else { return true }
    let total = Self.coarse(bound)
    landmarkEntries += ahead.count
    guard landmarkEntries < Self.landmarkEntryLimit else { return nil }
    if total > candidate.cost, !wasEvaluated, let next = queue.first, next.cost < total {
      records[index].isEvaluated = true
      records[index].inherited = ahead
      queue.insert(PathSearchHeap.Entry(cost: total, order: candidate.order))
      return false
    }
    let blocked = Set(state.blocked)
    let parents = problem.parents(of: branching).filter { !blocked.contains($0) }
      .sorted { rank[Int($0)] < rank[Int($1)] }
    guard records.count + parents.count <= Self.recordLimit else { return nil }
    for parent in parents {
      branch(
        index, decisions, PathSearchDecision(node: branching, parent: parent),
        atLeast: max(total, candidate.cost), ahead)
    }
    return true
  }

  /// What completing `state` costs in all at least, and the landmarks that say so; `nil` where it cannot be
  /// completed. Landmarks of the state before that are not met yet still hold, and new ones are added.
  private mutating func evaluate(
    _ state: PathSearchState, inherited: [Int32], isKnown: Bool
  ) -> (total: Int64, ahead: [Int32])? {
    if isKnown {
      return (inherited.reduce(state.paid) { $0 + landmarks.weights[Int($1)] }, inherited)
    }
    remaining.removeAll(keepingCapacity: true)
    remaining.append(contentsOf: problem.costs)
    for node in state.included { remaining[Int(node)] = 0 }
    var total = state.paid
    var ahead: [Int32] = []
    for index in inherited where !landmarks.isMet(Int(index), { scratch.isVisited($0) }) {
      ahead.append(index)
      let weight = landmarks.weights[Int(index)]
      total += weight
      for member in landmarks.members(of: Int(index)) { remaining[Int(member)] -= weight }
    }
    let known = landmarks.count
    guard
      bound.findLandmarks(
        choices: state.choices, blocked: state.blocked, remaining: remaining, &landmarks)
    else { return nil }
    for index in known..<landmarks.count {
      ahead.append(Int32(index))
      landmarkEntries += landmarks.members(of: index).count
      total += landmarks.weights[index]
    }
    return (total, ahead)
  }

  /// Adds the state that follows from one more decision, with what the landmarks of the state before say.
  private mutating func branch(
    _ previous: Int, _ decisions: [PathSearchDecision], _ decision: PathSearchDecision,
    atLeast least: Int64, _ inherited: [Int32]
  ) {
    guard
      let state = PathSearchState(
        problem, listing, decisions: decisions + [decision], rank: rank, scratch: &scratch)
    else { return }
    workOnSets += problem.count
    var total = state.paid
    for index in inherited where !landmarks.isMet(Int(index), { scratch.isVisited($0) }) {
      total += landmarks.weights[Int(index)]
    }
    let record = Record(
      previous: Int32(previous), depth: records[previous].depth + 1, decision: decision,
      inherited: inherited)
    queue.insert(
      PathSearchHeap.Entry(
        cost: max(Self.coarse(total), least), order: record.order | Int64(records.count)))
    records.append(record)
  }

  /// The open node with the cheapest derivation: it is derived completely soonest, and what is derived
  /// closes other open nodes and rules alternatives out. Measured: four times fewer expansions than the
  /// dearest first.
  private func branchingNode(of state: PathSearchState) -> Int32? {
    state.open.min { left, right in
      (distances[Int(left)], right) < (distances[Int(right)], left)
    }
  }

  private mutating func complete(
    _ state: PathSearchState, _ outcome: inout Outcome, _ found: inout Set<[Int32]>
  ) {
    let nodes = state.included.map { problem.originals[Int($0)] }.sorted()
    let derivation: AndOrGraph.Derivation
    switch listing {
    case .minimalSets:
      workOnSets += nodes.count * nodes.count
      guard found.insert(nodes).inserted,
        graph.isMinimal(nodes, for: goal, from: demand.fronts),
        demand.tooFew.isEmpty || graph.needs(demand.fronts, nodes, for: goal)
      else { return }
      derivation = graph.derivation(within: nodes, from: demand.fronts)
    case .derivations:
      workOnSets += nodes.count
      let sources = state.included.filter { problem.isSource[Int($0)] }
      guard demand.isMet(by: sources.map { problem.originals[Int($0)] }, of: graph) else { return }
      derivation = problem.derivation(state.choices)
    }
    outcome.paths.append(
      Outcome.Path(nodes: nodes, derivation: derivation, cost: problem.units.cost(state.paid)))
  }

  private func decisions(of record: Int) -> [PathSearchDecision] {
    var result: [PathSearchDecision] = []
    var index = record
    while index > 0 {
      result.append(records[index].decision)
      index = Int(records[index].previous)
    }
    return result.reversed()
  }
}

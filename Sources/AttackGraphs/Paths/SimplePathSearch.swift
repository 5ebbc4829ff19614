/// Yen's algorithm with Lawler's refinement, with exact distances to guide it.
///
/// All simple paths are parted by where they leave a path that is listed already. Each part is first judged
/// by a lower bound, and searched only when the bound has come to the front of the queue; the search of a
/// part is A* with the exact distances from the starts as potentials, so that it mostly walks straight down.
/// Paths are built from the goal backwards.
///
/// Sources: Yen, "Finding the K shortest loopless paths in a network", Management Science 17 (1971); Lawler,
/// "A procedure for computing the K best solutions to discrete optimization problems", Management Science 18
/// (1972); Hart, Nilsson and Raphael, "A formal basis for the heuristic determination of minimum cost
/// paths", IEEE Transactions on Systems Science and Cybernetics 4 (1968).
struct SimplePathSearch {
  /// The paths that agree with a listed one up to a node and leave it there over another parent.
  private struct Part {
    /// Index of the listed path, −1 for none: all paths.
    var base: Int
    /// Where in that path, counted from the goal.
    var spur: Int
    /// Parents of the node there that listed paths use.
    var taken: [Int32]
    /// The best path of the part from `spur` on, once it is known; the nodes after it.
    var best: [Int32]?
  }

  private let cone: GoalCone
  private let units: CostUnits
  /// What it costs to come over each edge of the cone.
  private let weights: [Int64]
  /// What it costs to begin at each source.
  private let startCosts: [Int64]
  /// The least cost from a start to each node, including its own.
  private let distances: [Int64]
  private let workLimit: Int
  private var work: Int

  /// Nodes of the cone, the goal first, and what each prefix costs without its last node's distance.
  private var listed: [(nodes: [Int32], costs: [Int64])] = []
  private var parts: [Part] = []
  private var queue = PathSearchHeap()
  private var stored = 0

  // Scratch of A*: entries count only where `round` is the current one.
  private var current: Int32 = 0
  private var round: [Int32]
  private var isClosed: [Bool]
  private var reachedAt: [Int64]
  private var towardsGoal: [Int32]
  private var hops: [Int32]
  private var barredIn: [Int32]
  private var open = PathSearchHeap()

  private static let partLimit = 4_000_000
  private static let storedLimit = 64_000_000

  /// `nil` where no path leads to the goal.
  init?(
    _ graph: AndOrGraph, goal: Int, _ start: ShortestSimplePaths.Start, _ costs: [Double],
    _ edgeCosts: [Double]?, view: GoalCone.View = .alternativesOnly,
    _ workLimit: Int = ShortestSimplePaths.workLimit
  ) {
    guard let cone = Self.cone(graph, goal, start, view) else { return nil }
    func isFree(_ node: Int) -> Bool {
      switch start {
      case .nodes: true
      case .standing(let demand): graph.isEntry(node, from: demand.fronts)
      }
    }
    let count = cone.originals.count
    var own = [Double](repeating: 0, count: count)
    if edgeCosts == nil {
      precondition(costs.count == graph.count, "one cost for each node")
      for node in 0..<count where !(cone.isSource[node] && isFree(Int(cone.originals[node]))) {
        own[node] = costs[Int(cone.originals[node])]
      }
    }
    // No simple path costs more than each node, over its dearest edge.
    var total = own.reduce(0, +)
    if let edgeCosts {
      precondition(edgeCosts.count == graph.parents.count, "one cost for each edge")
      for node in 0..<count {
        let range = Int(cone.parentOffsets[node])..<Int(cone.parentOffsets[node + 1])
        total += range.reduce(0) { max($0, edgeCosts[Int(cone.edges[$1])]) }
      }
    }
    let units = CostUnits(total: total)
    var weights = [Int64](repeating: 0, count: cone.parents.count)
    for node in 0..<count {
      let ownWeight = units.whole(own[node])
      for edge in Int(cone.parentOffsets[node])..<Int(cone.parentOffsets[node + 1]) {
        weights[edge] = edgeCosts.map { units.whole($0[Int(cone.edges[edge])]) } ?? ownWeight
      }
    }
    self.cone = cone
    self.units = units
    self.weights = weights
    startCosts = (0..<count).map { cone.isSource[$0] ? units.whole(own[$0]) : 0 }
    distances = Self.distances(cone, weights, startCosts)
    self.workLimit = workLimit
    work = cone.parents.count + count
    round = [Int32](repeating: 0, count: count)
    isClosed = [Bool](repeating: false, count: count)
    reachedAt = [Int64](repeating: 0, count: count)
    towardsGoal = [Int32](repeating: -1, count: count)
    hops = [Int32](repeating: 0, count: count)
    barredIn = [Int32](repeating: 0, count: count)
  }

  private static func cone(
    _ graph: AndOrGraph, _ goal: Int, _ start: ShortestSimplePaths.Start, _ view: GoalCone.View
  ) -> GoalCone? {
    switch start {
    case .nodes(let nodes):
      var isStart = [Bool](repeating: false, count: graph.count)
      for node in nodes { isStart[Int(node)] = true }
      return GoalCone(graph, goal: goal, view: view) { isStart[$0] }
    case .standing(let demand):
      // A path has one start, which meets the demand or not.
      return GoalCone(graph, goal: goal, view: view) { node in
        (graph.kinds[node] == .given || graph.isEntry(node, from: demand.fronts))
          && demand.isMet(by: CollectionOfOne(Int32(node)), of: graph)
      }
    }
  }

  /// Dijkstra's algorithm from all starts at once.
  private static func distances(
    _ cone: GoalCone, _ weights: [Int64], _ startCosts: [Int64]
  ) -> [Int64] {
    let (offsets, children, places) = cone.transposed()
    var distances = [Int64](repeating: .max, count: cone.originals.count)
    var queue = PathSearchHeap()
    for node in distances.indices where cone.isSource[node] {
      distances[node] = startCosts[node]
      queue.insert(PathSearchHeap.Entry(cost: startCosts[node], order: Int64(node)))
    }
    while let entry = queue.popFirst() {
      let node = Int(entry.order)
      guard entry.cost == distances[node] else { continue }
      for place in Int(offsets[node])..<Int(offsets[node + 1]) {
        let child = Int(children[place])
        let cost = entry.cost + weights[Int(places[place])]
        if cost < distances[child] {
          distances[child] = cost
          queue.insert(PathSearchHeap.Entry(cost: cost, order: Int64(child)))
        }
      }
    }
    return distances
  }

  mutating func run(limit: Int) -> ShortestSimplePaths {
    var result = ShortestSimplePaths()
    parts.append(Part(base: -1, spur: 0, taken: [], best: nil))
    enqueue(0, at: distances[Int(cone.goal)])
    while let entry = queue.first {
      let index = Int(entry.order >> 1)
      let bound = units.cost(entry.cost)
      if parts[index].best != nil, listed.count >= limit {
        result.statement = .completeUpTo(bound: bound)
        break
      }
      if let stopped = limitHit {
        result.statement =
          listed.count >= limit
          ? .completeUpTo(bound: bound) : .stopped(at: stopped, bound: bound)
        break
      }
      _ = queue.popFirst()
      if let best = parts[index].best {
        list(best, of: index, costing: entry.cost, &result)
      } else if let cost = solve(index) {
        enqueue(index, at: cost)
      }
    }
    result.work = work
    result.paths.sort {
      if $0.cost != $1.cost { return $0.cost < $1.cost }
      if $0.nodes.count != $1.nodes.count { return $0.nodes.count < $1.nodes.count }
      return $0.nodes.lexicographicallyPrecedes($1.nodes)
    }
    return result
  }

  private var limitHit: ListStatement.Limit? {
    if work >= workLimit { return .work }
    return stored >= Self.storedLimit || parts.count >= Self.partLimit ? .memory : nil
  }

  /// Known paths come before bounds of the same cost.
  private mutating func enqueue(_ part: Int, at cost: Int64) {
    let isBound = parts[part].best == nil
    queue.insert(PathSearchHeap.Entry(cost: cost, order: Int64(part) << 1 | (isBound ? 1 : 0)))
  }

  /// Lists the best path of a part and divides what is left of the part.
  private mutating func list(
    _ best: [Int32], of index: Int, costing cost: Int64, _ result: inout ShortestSimplePaths
  ) {
    let part = parts[index]
    parts[index] = Part(base: -1, spur: 0, taken: [], best: [])
    var nodes = [cone.goal]
    var costs: [Int64] = [0]
    if part.base >= 0 {
      nodes = Array(listed[part.base].nodes[...part.spur])
      costs = Array(listed[part.base].costs[...part.spur])
    }
    nodes += best
    result.paths.append(
      ShortestSimplePaths.Path(
        nodes: nodes.reversed().map { cone.originals[Int($0)] }, cost: units.cost(cost)))

    current += 1
    for place in 0..<nodes.count - 1 {
      let node = Int(nodes[place])
      let next = nodes[place + 1]
      barredIn[node] = current
      let edges = Int(cone.parentOffsets[node])..<Int(cone.parentOffsets[node + 1])
      guard place >= part.spur else { continue }
      var taken = place == part.spur ? part.taken : []
      taken.append(next)
      guard edges.count > taken.count else {
        costs.append(costs[place] + weight(from: Int32(node), over: next))
        continue
      }
      work += 1 + edges.count + taken.count
      let many = taken.count > 8 ? Set(taken) : []
      var bound = Int64.max
      var weight: Int64 = 0
      for edge in edges {
        let parent = cone.parents[edge]
        if parent == next { weight = weights[edge] }
        guard barredIn[Int(parent)] != current,
          !(many.isEmpty ? taken.contains(parent) : many.contains(parent))
        else { continue }
        bound = min(bound, weights[edge] + distances[Int(parent)])
      }
      costs.append(costs[place] + weight)
      if bound < .max {
        parts.append(Part(base: listed.count, spur: place, taken: taken, best: nil))
        stored += taken.count
        enqueue(parts.count - 1, at: max(cost, costs[place] + bound))
      }
    }
    stored += 2 * nodes.count
    listed.append((nodes, costs))
  }

  private func weight(from node: Int32, over parent: Int32) -> Int64 {
    let edges = Int(cone.parentOffsets[Int(node)])..<Int(cone.parentOffsets[Int(node) + 1])
    return edges.first { cone.parents[$0] == parent }.map { weights[$0] } ?? 0
  }

  /// Finds the best path of a part; its cost, or `nil` where there is none.
  private mutating func solve(_ index: Int) -> Int64? {
    let part = parts[index]
    current += 1
    open.removeAll()
    var spur = cone.goal
    var paid: Int64 = 0
    if part.base >= 0 {
      for node in listed[part.base].nodes[...part.spur] { barredIn[Int(node)] = current }
      spur = listed[part.base].nodes[part.spur]
      paid = listed[part.base].costs[part.spur]
      work += part.spur
    }
    // The first step may not go over what is taken; afterwards those nodes are free.
    round[Int(spur)] = current
    isClosed[Int(spur)] = true
    reachedAt[Int(spur)] = paid
    towardsGoal[Int(spur)] = -1
    hops[Int(spur)] = 0
    if part.base < 0 && cone.isSource[Int(spur)] {
      parts[index].best = []
      return startCosts[Int(spur)]
    }
    visit(spur, without: Set(part.taken))
    while let entry = open.popFirst() {
      let node = Int32(truncatingIfNeeded: entry.order)
      guard !isClosed[Int(node)] else { continue }
      isClosed[Int(node)] = true
      if cone.isSource[Int(node)] {
        var nodes: [Int32] = []
        var step = node
        while step != spur {
          nodes.append(step)
          step = towardsGoal[Int(step)]
        }
        parts[index].best = nodes.reversed()
        stored += nodes.count
        return entry.cost
      }
      visit(node, without: [])
    }
    return nil
  }

  private mutating func visit(_ node: Int32, without taken: Set<Int32>) {
    let edges = Int(cone.parentOffsets[Int(node)])..<Int(cone.parentOffsets[Int(node) + 1])
    work += 1 + edges.count
    let deeper = hops[Int(node)] + 1
    for edge in edges {
      let parent = cone.parents[edge]
      let place = Int(parent)
      guard barredIn[place] != current, taken.isEmpty || !taken.contains(parent) else { continue }
      let cost = reachedAt[Int(node)] + weights[edge]
      if round[place] == current {
        guard !isClosed[place], cost < reachedAt[place] else { continue }
      }
      round[place] = current
      isClosed[place] = false
      reachedAt[place] = cost
      towardsGoal[place] = node
      hops[place] = deeper
      // Deeper first among equals goes straight down where many paths tie.
      open.insert(
        PathSearchHeap.Entry(
          cost: cost + distances[place], order: Int64(-deeper) << 32 | Int64(parent)))
    }
  }
}

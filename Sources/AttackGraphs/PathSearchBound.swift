/// A lower bound on what completing a partial derivation still costs, by landmark cuts.
///
/// A landmark is a set of nodes of which every derivation of the goal contains one. The bound finds
/// landmarks whose weights share each node's cost without using it twice, so their sum is admissible.
/// Source: Helmert and Domshlak, "Landmarks, critical paths and abstractions: what's the difference
/// anyway?", ICAPS 2009 (LM-cut), on AND/OR graphs instead of planning operators.
///
/// Where paths must use several fronts, the graph gets one more layer for each: a chain, at the same
/// shared costs, from an entry of that front to the goal, which every wanted path contains.
struct PathSearchBound {
  struct Landmark {
    var weight: Int64
    /// Nodes of the problem.
    var members: [Int32]
  }

  /// Edges looked at so far: the measure of work.
  private(set) var work = 0

  private let goal: Int32
  private let sources: [Int32]
  private let isAnd: [Bool]
  /// The node of the problem behind each node of the layers; −1 for the goal over all layers.
  private let base: [Int32]
  private let parentOffsets: [Int32]
  private let parents: [Int32]
  private let childOffsets: [Int32]
  private let children: [Int32]

  // Scratch, kept between calls.
  private var residual: [Int64]
  private var isFinal: [Bool]
  private var distance: [Int64]
  private var waitingFor: [Int32]
  private var supporter: [Int32]
  private var isInZone: [Bool]
  private var isBefore: [Bool]
  private var queue = PathSearchHeap()

  /// Landmarks beyond this many are left out: the bound stays admissible.
  private static let landmarkLimit = 256

  init(_ problem: PathSearchProblem) {
    let count = Int32(problem.count)
    var base = Array(0..<count)
    var isAnd = problem.isAnd
    var offsets = problem.parentOffsets
    var parents = problem.parents
    var sources = (0..<count).filter { problem.isSource[Int($0)] }
    var goals = [problem.goal]
    for (layer, entries) in problem.required.enumerated() {
      let shift = count * Int32(layer + 1)
      for node in 0..<count {
        base.append(node)
        isAnd.append(false)
        parents += problem.parents(of: node).map { $0 + shift }
        offsets.append(Int32(parents.count))
      }
      sources += entries.map { $0 + shift }
      goals.append(problem.goal + shift)
    }
    if goals.count > 1 {
      goal = Int32(base.count)
      base.append(-1)
      isAnd.append(true)
      parents += goals
      offsets.append(Int32(parents.count))
    } else {
      goal = problem.goal
    }
    self.sources = sources
    self.isAnd = isAnd
    self.base = base
    parentOffsets = offsets
    self.parents = parents
    (childOffsets, children) = AndOrGraph.transposed(offsets: offsets, targets: parents)
    residual = problem.costs
    isFinal = [Bool](repeating: false, count: base.count)
    distance = [Int64](repeating: .max, count: base.count)
    waitingFor = [Int32](repeating: 0, count: base.count)
    supporter = [Int32](repeating: -1, count: base.count)
    isInZone = [Bool](repeating: false, count: base.count)
    isBefore = [Bool](repeating: false, count: base.count)
  }

  /// The least cost of the dearest chain below each node of the problem; `.max` where it is not derived.
  mutating func distances(costs: [Int64]) -> [Int64] {
    residual = costs
    let count = costs.count
    propagate(
      [Int32](repeating: -1, count: count), [Bool](repeating: false, count: count),
      stopsAtGoal: false)
    return Array(distance[0..<costs.count])
  }

  /// Landmarks that `known` ones leave undiscovered, when `choices` (the chosen parent of each OR node, −1
  /// where open) are made, `isBlocked` nodes are not to be used and nodes cost `remaining`: nothing where
  /// already paid, and elsewhere the cost less the weights of the known landmarks they are members of.
  /// `nil` where the goal cannot be derived so.
  mutating func landmarks(
    choices: [Int32], isBlocked: [Bool], remaining: [Int64]
  ) -> [Landmark]? {
    residual = remaining
    var found: [Landmark] = []
    propagate(choices, isBlocked, stopsAtGoal: true)
    guard isFinal[Int(goal)] else { return nil }
    while distance[Int(goal)] > 0 && found.count < Self.landmarkLimit {
      let members = cut(choices, isBlocked)
      let weight = members.reduce(Int64.max) { min($0, residual[Int($1)]) }
      precondition(!members.isEmpty && weight > 0, "a goal that costs has a cut that costs")
      for member in members { residual[Int(member)] -= weight }
      found.append(Landmark(weight: weight, members: members))
      propagate(choices, isBlocked, stopsAtGoal: true)
    }
    return found
  }

  private func allows(_ parent: Int32, for node: Int32, _ choices: [Int32]) -> Bool {
    let own = base[Int(node)]
    guard own >= 0 else { return true }
    let choice = choices[Int(own)]
    return choice < 0 || choice == base[Int(parent)]
  }

  private func cost(_ node: Int32) -> Int64 {
    let own = base[Int(node)]
    return own < 0 ? 0 : residual[Int(own)]
  }

  /// Dijkstra's algorithm with AND = maximum over parents. Every node enters the queue once, because the
  /// first parent taken out decides an OR node and the last one an AND node.
  private mutating func propagate(
    _ choices: [Int32], _ isBlocked: [Bool], stopsAtGoal: Bool
  ) {
    queue.removeAll()
    for node in base.indices {
      isFinal[node] = false
      distance[node] = .max
      supporter[node] = -1
      waitingFor[node] = isAnd[node] ? parentOffsets[node + 1] - parentOffsets[node] : 1
      // A blocked node waits for ever.
      if base[node] >= 0 && isBlocked[Int(base[node])] { waitingFor[node] = .max }
    }
    work += base.count
    for source in sources where waitingFor[Int(source)] != .max {
      waitingFor[Int(source)] = 0
      queue.insert(PathSearchHeap.Entry(cost: cost(source), order: Int64(source)))
    }
    while let entry = queue.popFirst() {
      let node = Int(entry.order)
      let settled = Int32(truncatingIfNeeded: entry.order)
      isFinal[node] = true
      distance[node] = entry.cost
      if stopsAtGoal && settled == goal { return }
      let edges = Int(childOffsets[node])..<Int(childOffsets[node + 1])
      work += 1 + edges.count
      for edge in edges {
        let child = children[edge]
        let index = Int(child)
        guard waitingFor[index] > 0, isAnd[index] || allows(settled, for: child, choices) else {
          continue
        }
        waitingFor[index] -= 1
        if waitingFor[index] == 0 {
          supporter[index] = settled
          queue.insert(PathSearchHeap.Entry(cost: entry.cost + cost(child), order: Int64(child)))
        }
      }
    }
  }

  /// The nodes over which every derivation must step into the zone from which the goal costs nothing more.
  private mutating func cut(_ choices: [Int32], _ isBlocked: [Bool]) -> [Int32] {
    for node in base.indices {
      isInZone[node] = false
      isBefore[node] = false
    }
    isInZone[Int(goal)] = true
    var stack = [goal]
    func isUsable(_ node: Int32) -> Bool {
      base[Int(node)] < 0 || !isBlocked[Int(base[Int(node)])]
    }
    func enter(_ node: Int32) {
      guard !isInZone[Int(node)], isUsable(node) else { return }
      isInZone[Int(node)] = true
      stack.append(node)
    }
    while let node = stack.popLast() {
      guard cost(node) == 0 else { continue }
      let edges = parentOffsets[Int(node)]..<parentOffsets[Int(node) + 1]
      work += 1 + edges.count
      if isAnd[Int(node)] {
        enter(dearestParent(of: node))
      } else {
        for edge in edges where allows(parents[Int(edge)], for: node, choices) {
          enter(parents[Int(edge)])
        }
      }
    }
    var members: Set<Int32> = []
    func visit(_ node: Int32) {
      guard isUsable(node) else { return }
      if isInZone[Int(node)] {
        if cost(node) > 0 { members.insert(base[Int(node)]) }
      } else if !isBefore[Int(node)] {
        isBefore[Int(node)] = true
        stack.append(node)
      }
    }
    work += base.count
    for source in sources { visit(source) }
    while let node = stack.popLast() {
      let edges = Int(childOffsets[Int(node)])..<Int(childOffsets[Int(node) + 1])
      work += 1 + edges.count
      for edge in edges {
        let child = children[edge]
        if isAnd[Int(child)]
          ? dearestParent(of: child) == node : allows(node, for: child, choices)
        {
          visit(child)
        }
      }
    }
    return members.sorted()
  }

  /// The parent that decides an AND node: the last one derived, or one not derived before the goal was;
  /// −1 for a blocked node.
  private func dearestParent(of node: Int32) -> Int32 {
    if supporter[Int(node)] >= 0 { return supporter[Int(node)] }
    let own = parents[Int(parentOffsets[Int(node)])..<Int(parentOffsets[Int(node) + 1])]
    return own.first { !isFinal[Int($0)] } ?? -1
  }
}

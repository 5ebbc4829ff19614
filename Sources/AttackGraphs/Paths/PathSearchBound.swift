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
  private let isSource: [Bool]
  private let isAnd: [Bool]
  /// The node of the problem behind each node of the layers; −1 for the goal over all layers.
  private let base: [Int32]
  private let parentOffsets: [Int32]
  private let parents: [Int32]
  private let childOffsets: [Int32]
  private let children: [Int32]

  // Scratch, kept between calls.
  private var residual: [Int64]
  /// Cost of the dearest chain below each node, its own included; `.max` where it is not derived.
  private var distance: [Int64]
  private var waitingFor: [Int32]
  /// The dearest parent of each derived AND node.
  private var supporter: [Int32]
  private var marks: [Mark]
  private var queue = PathSearchHeap()

  private enum Mark {
    case none
    /// From here the goal costs nothing more.
    case zone
    /// Dear, outside the zone, and perhaps derived only through it.
    case doubtful
    /// Derived without the zone.
    case before
  }

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
    var isSource = [Bool](repeating: false, count: base.count)
    for source in sources { isSource[Int(source)] = true }
    self.isSource = isSource
    self.isAnd = isAnd
    self.base = base
    parentOffsets = offsets
    self.parents = parents
    (childOffsets, children) = AndOrGraph.transposed(offsets: offsets, targets: parents)
    residual = problem.costs
    distance = [Int64](repeating: .max, count: base.count)
    waitingFor = [Int32](repeating: 0, count: base.count)
    supporter = [Int32](repeating: -1, count: base.count)
    marks = [Mark](repeating: .none, count: base.count)
  }

  /// The least cost of the dearest chain below each node of the problem; `.max` where it is not derived.
  mutating func distances(costs: [Int64]) -> [Int64] {
    residual = costs
    propagate(
      [Int32](repeating: -1, count: costs.count), [Bool](repeating: false, count: costs.count))
    return Array(distance[0..<costs.count])
  }

  /// Landmarks that `known` ones leave undiscovered, when `choices` (the chosen parent of each OR node, −1
  /// where open) are made, `isBlocked` nodes are not to be used and nodes cost `remaining`: nothing where
  /// already paid, and elsewhere the cost less the weights of the known landmarks they are members of.
  /// `nil` where the goal cannot be derived so.
  mutating func landmarks(
    choices: [Int32], isBlocked: [Bool], remaining: [Int64]
  ) -> [Landmark]? {
    residual = remaining.map(Self.withoutDust)
    var found: [Landmark] = []
    propagate(choices, isBlocked)
    guard distance[Int(goal)] != .max else { return nil }
    while distance[Int(goal)] > 0 && found.count < Self.landmarkLimit {
      let members = cut(choices)
      let weight = members.reduce(Int64.max) { min($0, residual[Int($1)]) }
      precondition(!members.isEmpty && weight > 0, "a goal that costs has a cut that costs")
      found.append(Landmark(weight: weight, members: members))
      lower(members, by: weight, choices)
    }
    return found
  }

  /// Costs such as 7 × 0.1 and 0.7 differ by rounding only; without this, each such difference would give a
  /// landmark of its own that is worth nothing.
  private static func withoutDust(_ cost: Int64) -> Int64 { cost < 64 ? 0 : cost }

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
  private mutating func propagate(_ choices: [Int32], _ isBlocked: [Bool]) {
    queue.removeAll()
    for node in base.indices {
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
      distance[node] = entry.cost
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

  /// Takes `weight` off the cost of `members` and carries the shorter distances on.
  private mutating func lower(_ members: [Int32], by weight: Int64, _ choices: [Int32]) {
    queue.removeAll()
    let layer = residual.count
    for member in members {
      let before = residual[Int(member)]
      residual[Int(member)] = Self.withoutDust(before - weight)
      let drop = before - residual[Int(member)]
      for node in stride(from: Int(member), to: base.count, by: layer)
      where base[node] == member && distance[node] != .max {
        distance[node] -= drop
        queue.insert(PathSearchHeap.Entry(cost: distance[node], order: Int64(node)))
      }
    }
    while let entry = queue.popFirst() {
      let node = Int(entry.order)
      guard entry.cost == distance[node] else { continue }
      let settled = Int32(truncatingIfNeeded: entry.order)
      let edges = Int(childOffsets[node])..<Int(childOffsets[node + 1])
      work += 1 + edges.count
      for edge in edges {
        let child = children[edge]
        let index = Int(child)
        guard distance[index] != .max else { continue }
        var shorter = entry.cost
        if isAnd[index] {
          guard supporter[index] == settled else { continue }
          for parent in parents[Int(parentOffsets[index])..<Int(parentOffsets[index + 1])]
          where distance[Int(parent)] > shorter {
            shorter = distance[Int(parent)]
            supporter[index] = parent
          }
        } else if !allows(settled, for: child, choices) {
          continue
        }
        shorter += cost(child)
        if shorter < distance[index] {
          distance[index] = shorter
          queue.insert(PathSearchHeap.Entry(cost: shorter, order: Int64(child)))
        }
      }
    }
  }

  /// The nodes over which every derivation must step into the zone from which the goal costs nothing more,
  /// in the graph where an AND node rests on its dearest parent only.
  private mutating func cut(_ choices: [Int32]) -> [Int32] {
    var marks: [Mark] = []
    swap(&marks, &self.marks)
    var touched = [goal]
    marks[Int(goal)] = .zone
    var rim: [Int32] = []
    var next = 0
    while next < touched.count {
      let node = touched[next]
      next += 1
      if cost(node) > 0 {
        rim.append(node)
      } else {
        work += forEachCause(of: node, choices) { cause in
          guard marks[Int(cause)] == .none else { return }
          marks[Int(cause)] = .zone
          touched.append(cause)
        }
      }
    }

    // Everything cheaper than the goal is derived without the zone, where nothing is that cheap. The rest is
    // doubtful: go back over it, then forward again from where it turns out to have a start.
    let dear = distance[Int(goal)]
    var members: Set<Int32> = []
    var started: [Int32] = []
    var doubtful = rim
    next = 0
    while next < doubtful.count {
      let node = doubtful[next]
      next += 1
      var hasStart = isSource[Int(node)]
      work += forEachCause(of: node, choices) { cause in
        if distance[Int(cause)] < dear {
          hasStart = true
        } else if marks[Int(cause)] == .none {
          marks[Int(cause)] = .doubtful
          touched.append(cause)
          doubtful.append(cause)
        }
      }
      guard hasStart else { continue }
      if marks[Int(node)] == .zone {
        members.insert(base[Int(node)])
      } else {
        marks[Int(node)] = .before
        started.append(node)
      }
    }
    while let node = started.popLast() {
      let edges = Int(childOffsets[Int(node)])..<Int(childOffsets[Int(node) + 1])
      work += 1 + edges.count
      for child in children[edges] {
        let index = Int(child)
        guard marks[index] == .doubtful || marks[index] == .zone,
          isAnd[index] ? supporter[index] == node : allows(node, for: child, choices)
        else { continue }
        if marks[index] == .doubtful {
          marks[index] = .before
          started.append(child)
        } else if cost(child) > 0 {
          members.insert(base[index])
        }
      }
    }
    for node in touched { marks[Int(node)] = .none }
    swap(&marks, &self.marks)
    return members.sorted()
  }

  /// Gives the parents a derived node may rest on in the graph of the cut; returns the work done.
  private func forEachCause(
    of node: Int32, _ choices: [Int32], _ body: (Int32) -> Void
  ) -> Int {
    if isAnd[Int(node)] {
      if supporter[Int(node)] >= 0 { body(supporter[Int(node)]) }
      return 1
    }
    let edges = Int(parentOffsets[Int(node)])..<Int(parentOffsets[Int(node) + 1])
    for parent in parents[edges]
    where distance[Int(parent)] != .max && allows(parent, for: node, choices) {
      body(parent)
    }
    return 1 + edges.count
  }
}

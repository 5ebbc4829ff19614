/// The part of an AND/OR graph that can take part in deriving one goal, renumbered without gaps: what rests
/// on nothing but derivable nodes and leads to the goal. What a search for paths works on.
///
/// Linear in the nodes of the graph and the edges of the cone; beside one index for each node of the graph,
/// memory is proportional to what lies behind the goal.
struct GoalCone {
  /// The node of the graph behind each node, ascending.
  private(set) var originals: [Int32]
  private(set) var goal: Int32
  /// What is derived by itself; it rests on nothing here, whatever its parents in the graph.
  private(set) var isSource: [Bool]
  private(set) var parentOffsets: [Int32]
  /// Ascending for each node; never the goal.
  private(set) var parents: [Int32]
  /// The place of each edge in the graph's `parents`, in step with `parents`.
  private(set) var edges: [Int32]

  /// Whether a node needs one of its parents or all of them.
  enum View {
    case asDrawn
    /// Every node needs one parent only, AND nodes too.
    case alternativesOnly
  }

  /// `nil` where the goal cannot be derived from the sources. A `blocked` node is derived only as a source.
  init?(
    _ graph: AndOrGraph, goal: Int, view: View = .asDrawn, isSource: (Int) -> Bool
  ) {
    self.init(behind: goal, of: graph, isSource)
    let reached = self.reached(graph, view)
    guard reached[Int(self.goal)] else { return nil }
    keep(reached)
  }

  /// Everything the goal could rest on, derivable or not.
  private init(behind goal: Int, of graph: AndOrGraph, _ isSource: (Int) -> Bool) {
    var position = [Int32](repeating: -1, count: graph.count)
    position[goal] = 0
    var stack = [Int32(goal)]
    while let node = stack.popLast() {
      guard !isSource(Int(node)) else { continue }
      for edge in graph.parentOffsets[Int(node)]..<graph.parentOffsets[Int(node) + 1] {
        let parent = graph.parents[Int(edge)]
        guard position[Int(parent)] < 0 else { continue }
        position[Int(parent)] = 0
        stack.append(parent)
      }
    }
    originals = []
    for node in position.indices where position[node] == 0 {
      position[node] = Int32(originals.count)
      originals.append(Int32(node))
    }
    self.goal = position[goal]
    self.isSource = []
    parentOffsets = [0]
    parents = []
    edges = []
    for original in originals {
      let node = Int(original)
      let isOwn = isSource(node)
      self.isSource.append(isOwn)
      if !isOwn {
        for edge in graph.parentOffsets[node]..<graph.parentOffsets[node + 1] {
          // Nothing on the way to the goal rests on the goal.
          let parent = graph.parents[Int(edge)]
          guard Int(parent) != goal else { continue }
          parents.append(position[Int(parent)])
          edges.append(edge)
        }
      }
      parentOffsets.append(Int32(parents.count))
    }
  }

  /// What the sources derive without the goal.
  private func reached(_ graph: AndOrGraph, _ view: View) -> [Bool] {
    let (childOffsets, children) = AndOrGraph.transposed(offsets: parentOffsets, targets: parents)
    var reached = isSource
    var stack = reached.indices.filter { reached[$0] }
    // An AND node counts its parents in the graph: one that rests on the goal waits for ever.
    var waitingFor = originals.map { original -> Int32 in
      let node = Int(original)
      return view == .asDrawn && graph.kinds[node] == .and
        ? graph.parentOffsets[node + 1] - graph.parentOffsets[node] : 1
    }
    while let node = stack.popLast() {
      for place in childOffsets[node]..<childOffsets[node + 1] {
        let child = Int(children[Int(place)])
        waitingFor[child] -= 1
        if waitingFor[child] == 0 && !reached[child] {
          reached[child] = true
          stack.append(child)
        }
      }
    }
    return reached
  }

  /// Leaves out what is not derivable, and what led to the goal only through that.
  private mutating func keep(_ reached: [Bool]) {
    var position = [Int32](repeating: -1, count: originals.count)
    position[Int(goal)] = 0
    var stack = [goal]
    var kept = 1
    while let node = stack.popLast() {
      for edge in parentOffsets[Int(node)]..<parentOffsets[Int(node) + 1] {
        let parent = Int(parents[Int(edge)])
        guard reached[parent], position[parent] < 0 else { continue }
        position[parent] = 0
        stack.append(Int32(parent))
        kept += 1
      }
    }
    var next: Int32 = 0
    for node in position.indices where position[node] == 0 {
      position[node] = next
      next += 1
    }
    var node = 0
    var edge = 0
    var start = 0
    for old in position.indices {
      let end = Int(parentOffsets[old + 1])
      if position[old] >= 0 {
        originals[node] = originals[old]
        isSource[node] = isSource[old]
        for slot in start..<end where position[Int(parents[slot])] >= 0 {
          parents[edge] = position[Int(parents[slot])]
          edges[edge] = edges[slot]
          edge += 1
        }
        node += 1
        parentOffsets[node] = Int32(edge)
      }
      start = end
    }
    goal = position[Int(goal)]
    originals.removeLast(originals.count - kept)
    isSource.removeLast(isSource.count - kept)
    parentOffsets.removeLast(parentOffsets.count - kept - 1)
    parents.removeLast(parents.count - edge)
    edges.removeLast(edges.count - edge)
  }

  /// The edges the other way round: for each node the nodes that may rest on it, and the places of those
  /// edges in `parents`.
  func transposed() -> (offsets: [Int32], children: [Int32], places: [Int32]) {
    var offsets = [Int32](repeating: 0, count: originals.count + 1)
    for parent in parents { offsets[Int(parent) + 1] += 1 }
    for node in originals.indices { offsets[node + 1] += offsets[node] }
    var next = offsets
    var children = [Int32](repeating: 0, count: parents.count)
    var places = children
    for node in originals.indices {
      for place in parentOffsets[node]..<parentOffsets[node + 1] {
        let parent = Int(parents[Int(place)])
        children[Int(next[parent])] = Int32(node)
        places[Int(next[parent])] = place
        next[parent] += 1
      }
    }
    return (offsets, children, places)
  }
}

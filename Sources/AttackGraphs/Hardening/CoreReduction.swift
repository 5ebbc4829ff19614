/// Makes a hardening problem small without changing which sets of controls answer it.
///
/// All steps keep the least fixpoint: constants are folded in, cycles of OR nodes are one node (each derives
/// the others), a node with one parent and no control is its parent, and nodes with the same kind, control
/// and parents are one.
struct CoreReduction {
  private struct Node: Hashable {
    var isAnd: Bool
    /// Derived as soon as its control is absent.
    var isSource: Bool
    /// −1 for none.
    var control: Int32
    /// Ascending and without repetition.
    var parents: [Int32]

    var isPlainOr: Bool { !isAnd && !isSource && control < 0 }
  }

  private var nodes: [Node] = []
  /// What each node has become; a node that still stands is its own.
  private var standIn: [Int32] = []

  /// Adds what leads to `goals` for attackers at one set of fronts; the new places of the goals.
  /// - Parameters:
  ///   - reached: what is derived with every control absent.
  ///   - sure: what is derived with every control in place.
  ///   - controlAt: the control that each node is, −1 for none.
  mutating func add(
    _ graph: AndOrGraph, reached: BlockedReachability.Reached, sure: BlockedReachability.Reached,
    controlAt: [Int32], leadingTo goals: [Int]
  ) -> [Int] {
    var place = [Int32](repeating: -1, count: graph.count)
    var found: [Int32] = []
    func placed(_ node: Int32) -> Int32 {
      if place[Int(node)] < 0 {
        place[Int(node)] = Int32(nodes.count + found.count)
        found.append(node)
      }
      return place[Int(node)]
    }
    let places = goals.map { Int(placed(Int32($0))) }
    var added: [Node] = []
    while added.count < found.count {
      let node = Int(found[added.count])
      let isAnd = graph.kinds[node] == .and
      let own = graph.parents(of: node)
      let isSource =
        reached.isStart(node)
        || (isAnd
          ? own.allSatisfy { sure.contains(Int($0)) } : own.contains { sure.contains(Int($0)) })
      let parents =
        isSource ? [] : own.filter { reached.contains(Int($0)) && !sure.contains(Int($0)) }
      added.append(
        Node(
          isAnd: isAnd && !isSource, isSource: isSource, control: controlAt[node],
          parents: parents.map(placed).sorted()))
    }
    nodes += added
    standIn += (Int32(standIn.count)..<Int32(nodes.count))
    return places
  }

  struct Result {
    var graph: AndOrGraph
    var controlOf: [Int32]
    var targets: [Int]
  }

  mutating func reduced(leadingTo goals: [Int]) -> Result {
    var isChanged = true
    while isChanged {
      let cycles = mergeOrCycles()
      let chains = mergeChains()
      let twins = mergeTwins()
      isChanged = cycles || chains || twins
    }
    var place = [Int32](repeating: -1, count: nodes.count)
    var kept: [Int32] = []
    var stack = goals.map { resolved(Int32($0)) }
    while let node = stack.popLast() {
      guard place[Int(node)] < 0 else { continue }
      place[Int(node)] = 0
      kept.append(node)
      stack += nodes[Int(node)].parents
    }
    kept.sort()
    for (index, node) in kept.enumerated() { place[Int(node)] = Int32(index) }
    let final = kept.map { nodes[Int($0)] }
    return Result(
      graph: AndOrGraph(
        kinds: final.map { $0.isSource ? .given : $0.isAnd ? .and : .or },
        costs: [Double](repeating: 0, count: final.count),
        entryFronts: [Fronts](repeating: [], count: final.count)
      ) { final[$0].parents.map { place[Int($0)] } },
      controlOf: final.map(\.control), targets: goals.map { Int(place[Int(resolved(Int32($0)))]) })
  }

  private mutating func resolved(_ node: Int32) -> Int32 {
    var node = node
    while standIn[Int(node)] != node {
      standIn[Int(node)] = standIn[Int(standIn[Int(node)])]
      node = standIn[Int(node)]
    }
    return node
  }

  /// Puts the stand-ins into all parent lists.
  private mutating func rename() {
    for node in nodes.indices where standIn[node] == node {
      var parents: [Int32] = []
      for parent in nodes[node].parents { parents.append(resolved(parent)) }
      parents.sort()
      // Nothing is derived through itself.
      let own = nodes[node].isAnd ? -1 : Int32(node)
      var kept: [Int32] = []
      for parent in parents where parent != own && parent != kept.last { kept.append(parent) }
      nodes[node].parents = kept
    }
  }

  private mutating func mergeChains() -> Bool {
    var isChanged = false
    for node in nodes.indices where standIn[node] == node {
      guard nodes[node].control < 0, !nodes[node].isSource, nodes[node].parents.count == 1 else {
        continue
      }
      let parent = resolved(nodes[node].parents[0])
      guard parent != node else { continue }
      standIn[node] = parent
      isChanged = true
    }
    if isChanged { rename() }
    return isChanged
  }

  private mutating func mergeTwins() -> Bool {
    var first: [Node: Int32] = [:]
    var isChanged = false
    for node in nodes.indices where standIn[node] == node {
      var key = nodes[node]
      // With one parent, or none, AND and OR say the same.
      if key.parents.count < 2 { key.isAnd = false }
      if let twin = first[key] {
        standIn[node] = twin
        isChanged = true
      } else {
        first[key] = Int32(node)
      }
    }
    if isChanged { rename() }
    return isChanged
  }

  /// Strongly connected components of OR nodes without controls (Tarjan 1972, without recursion).
  private mutating func mergeOrCycles() -> Bool {
    var number = [Int32](repeating: 0, count: nodes.count)
    var low = [Int32](repeating: 0, count: nodes.count)
    var isOpen = [Bool](repeating: false, count: nodes.count)
    var next: Int32 = 0
    var component: [Int32] = []
    var isChanged = false
    for root in nodes.indices where standIn[root] == root && number[root] == 0 {
      guard nodes[root].isPlainOr else { continue }
      var stack: [(node: Int, edge: Int)] = [(root, 0)]
      while let (node, edge) = stack.popLast() {
        if edge == 0 {
          next += 1
          number[node] = next
          low[node] = next
          isOpen[node] = true
          component.append(Int32(node))
        } else {
          let parent = Int(nodes[node].parents[edge - 1])
          if isOpen[parent] { low[node] = min(low[node], low[parent]) }
        }
        if edge < nodes[node].parents.count {
          stack.append((node, edge + 1))
          let parent = Int(nodes[node].parents[edge])
          if number[parent] == 0, nodes[parent].isPlainOr { stack.append((parent, 0)) }
        } else if low[node] == number[node] {
          while let member = component.popLast() {
            isOpen[Int(member)] = false
            guard Int(member) != node else { break }
            standIn[Int(member)] = Int32(node)
            nodes[node].parents += nodes[Int(member)].parents
            isChanged = true
          }
        }
      }
    }
    if isChanged { rename() }
    return isChanged
  }
}

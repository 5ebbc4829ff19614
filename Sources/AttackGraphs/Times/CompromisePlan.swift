/// What of a graph a simulation works on: leaves out what can never be reached, what is always reached at
/// time 0, and what no goal rests on.
struct CompromisePlan {
  private(set) var nodes: [CompromiseSimulation.Node] = []
  private(set) var children: [Int32] = []
  private(set) var defences: [(node: Int32, presence: Double)] = []
  private(set) var starters: [Int32] = []
  private(set) var zeroSlots: [Int32] = []

  private let graph: AndOrGraph
  private let childOffsets: [Int32]
  private let allChildren: [Int32]
  private var isZero: [Bool] = []
  private var isActive: [Bool] = []

  init(
    _ graph: AndOrGraph, laws: [TimeSampler], law: [Int32], presence: [Double], fronts: Fronts,
    goals: [Int]?
  ) {
    self.graph = graph
    (childOffsets, allChildren) = AndOrGraph.transposed(
      offsets: graph.parentOffsets, targets: graph.parents)
    let isNever = laws.map(\.isNever)
    let isInstant = laws.map { ($0.fixedDays ?? 1) <= 0 }
    let isEntry = (0..<graph.count).map { graph.isEntry($0, from: fronts) }
    let isPossible = derived(
      isSource: { isEntry[$0] || graph.kinds[$0] == .given && presence[$0] < 1 },
      passes: { law[$0] < 0 || !isNever[Int(law[$0])] })
    isZero = derived(
      isSource: { isEntry[$0] || graph.kinds[$0] == .given && presence[$0] <= 0 },
      passes: { law[$0] < 0 || isInstant[Int(law[$0])] })
    isActive = needed(for: goals, isPossible: isPossible)

    var slot = [Int32](repeating: -1, count: graph.count)
    for (index, goal) in (goals ?? Array(0..<graph.count)).enumerated() {
      precondition(slot[goal] < 0, "a goal is named twice")
      slot[goal] = Int32(index)
      if isZero[goal] { zeroSlots.append(Int32(index)) }
    }
    renumber(law: law, slot: slot, presence: presence)
  }

  /// What follows from the sources through nodes that `passes` holds for.
  private func derived(isSource: (Int) -> Bool, passes: (Int) -> Bool) -> [Bool] {
    var isDerived = [Bool](repeating: false, count: graph.count)
    var waitsFor = (0..<graph.count).map {
      graph.kinds[$0] == .or ? 1 : graph.parents(of: $0).count
    }
    var stack = (0..<graph.count).filter(isSource)
    for node in stack { isDerived[node] = true }
    while let node = stack.popLast() {
      for child in allChildren(of: node) where !isDerived[child] {
        waitsFor[child] -= 1
        if waitsFor[child] == 0, passes(child) {
          isDerived[child] = true
          stack.append(child)
        }
      }
    }
    return isDerived
  }

  private func allChildren(of node: Int) -> some Sequence<Int> {
    allChildren[Int(childOffsets[node])..<Int(childOffsets[node + 1])].lazy.map { Int($0) }
  }

  /// The parents that decide when a node comes within reach: none where that is time 0.
  private func openParents(of node: Int) -> [Int] {
    let parents = graph.parents(of: node)
    if graph.kinds[node] == .or, parents.contains(where: { isZero[Int($0)] }) { return [] }
    return parents.lazy.map { Int($0) }.filter { !isZero[$0] }
  }

  /// What is possible, not decided beforehand, and above a goal.
  private func needed(for goals: [Int]?, isPossible: [Bool]) -> [Bool] {
    guard let goals else { return (0..<graph.count).map { isPossible[$0] && !isZero[$0] } }
    var isNeeded = [Bool](repeating: false, count: graph.count)
    var stack: [Int] = []
    func need(_ node: Int) {
      guard isPossible[node], !isZero[node], !isNeeded[node] else { return }
      isNeeded[node] = true
      stack.append(node)
    }
    for goal in goals { need(goal) }
    while let node = stack.popLast() {
      for parent in openParents(of: node) { need(parent) }
    }
    return isNeeded
  }

  /// Numbers the active nodes in the order of the graph, in which the steps of an asset lie together: most
  /// edges stay within an asset, so this order is kind to the cache.
  private mutating func renumber(law: [Int32], slot: [Int32], presence: [Double]) {
    var position = [Int32](repeating: -1, count: graph.count)
    var waitsFor = [Int32](repeating: 0, count: graph.count)
    var count: Int32 = 0
    for node in isActive.indices where isActive[node] {
      position[node] = count
      count += 1
      let open = graph.kinds[node] == .given ? 0 : openParents(of: node).count
      waitsFor[node] = graph.kinds[node] == .or ? min(1, Int32(open)) : Int32(open)
    }
    for node in isActive.indices where isActive[node] {
      let isDefence = graph.kinds[node] == .given
      let own = allChildren(of: node).filter { waitsFor[$0] > 0 }.map { position[$0] }
      nodes.append(
        CompromiseSimulation.Node(
          waiting: 0, waitsFor: waitsFor[node], law: isDefence ? -1 : law[node],
          original: Int32(node), slot: slot[node], childCount: Int32(own.count),
          firstChild: own.first ?? -1, otherChildren: Int32(children.count)))
      children += own.dropFirst()
      if isDefence {
        defences.append((position[node], presence[node]))
      } else if waitsFor[node] == 0 {
        starters.append(position[node])
      }
    }
  }
}

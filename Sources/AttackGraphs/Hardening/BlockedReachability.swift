/// What an attacker derives while chosen nodes are switched off, with one derivation of everything derived.
///
/// A node that is switched off is never derived, whatever its kind and even where an attacker stands at it.
struct BlockedReachability: Sendable {
  let graph: AndOrGraph
  private let childOffsets: [Int32]
  private let children: [Int32]

  init(_ graph: AndOrGraph) {
    self.graph = graph
    (childOffsets, children) = AndOrGraph.transposed(
      offsets: graph.parentOffsets, targets: graph.parents)
  }

  func children(of node: Int) -> ArraySlice<Int32> {
    children[Int(childOffsets[node])..<Int(childOffsets[node + 1])]
  }

  /// The derived nodes, breadth first, and what each rests on.
  struct Reached: Sendable {
    fileprivate static let nothing: Int32 = -1
    fileprivate static let allParents: Int32 = -2
    fileprivate static let notReached: Int32 = -3

    /// Every node stands behind all that it rests on.
    fileprivate(set) var order: [Int32]
    /// The parent an OR node rests on, or one of the marks above.
    fileprivate var supports: [Int32]

    func contains(_ node: Int) -> Bool { supports[node] != Self.notReached }

    /// Derived by itself: a given node, or an entry at which the attacker stands.
    func isStart(_ node: Int) -> Bool { supports[node] == Self.nothing }
  }

  /// Linear in the size of the graph.
  func reached(from fronts: Fronts, without isOff: [Bool]) -> Reached {
    let count = graph.count
    var result = Reached(
      order: [], supports: [Int32](repeating: Reached.notReached, count: count))
    var waitingFor = [Int32](repeating: 0, count: count)
    for node in 0..<count {
      waitingFor[node] = graph.parentOffsets[node + 1] - graph.parentOffsets[node]
      guard !isOff[node], graph.kinds[node] == .given || graph.isEntry(node, from: fronts) else {
        continue
      }
      result.supports[node] = Reached.nothing
      result.order.append(Int32(node))
    }
    var next = 0
    while next < result.order.count {
      let node = result.order[next]
      next += 1
      for child in children(of: Int(node)) {
        let child = Int(child)
        guard !isOff[child], result.supports[child] == Reached.notReached else { continue }
        waitingFor[child] -= 1
        if graph.kinds[child] == .or {
          result.supports[child] = node
        } else if waitingFor[child] == 0 {
          result.supports[child] = Reached.allParents
        } else {
          continue
        }
        result.order.append(Int32(child))
      }
    }
    return result
  }

  /// The nodes on which the derivation of `goals` rests, the goals included, ascending. Goals that are not
  /// reached add nothing.
  func derivation(of goals: some Sequence<Int>, in reached: Reached) -> [Int32] {
    var isMember = [Bool](repeating: false, count: graph.count)
    var stack: [Int32] = []
    func add(_ node: Int32) {
      guard !isMember[Int(node)] else { return }
      isMember[Int(node)] = true
      stack.append(node)
    }
    for goal in goals where reached.contains(goal) { add(Int32(goal)) }
    while let node = stack.popLast() {
      switch reached.supports[Int(node)] {
      case Reached.nothing: break
      case Reached.allParents: graph.parents(of: Int(node)).forEach(add)
      case let parent: add(parent)
      }
    }
    return isMember.indices.filter { isMember[$0] }.map { Int32($0) }
  }
}

/// A node without which goals cannot be reached.
package struct ChokePoint: Sendable, Hashable {
  package let node: Int
  /// The goals that become unreachable when this node alone is impossible, by index, ascending. A goal that
  /// is reached is among those of its own node.
  package let goals: [Int]
}

extension AndOrGraph {
  /// Every node that cuts at least one reached goal on its own, those that cut the most goals first, then by
  /// node. Exact: each node is tried, 512 at a time.
  ///
  /// Only nodes of one derivation of a goal can cut it. For 512 of them at once the graph is derived, each
  /// node with the set of those in whose absence it still is derived: an OR node has the union of its
  /// parents' sets, an AND node the intersection.
  package func chokePoints(of goals: [(node: Int, fronts: Fronts)]) -> [ChokePoint] {
    let reachability = BlockedReachability(self)
    var cut: [Int: [Int]] = [:]
    for layer in Set(goals.map(\.fronts.rawValue)).sorted() {
      let own = goals.indices.filter { goals[$0].fronts.rawValue == layer }
      let reached = reachability.reached(
        from: Fronts(rawValue: layer), without: [Bool](repeating: false, count: count))
      let open = own.filter { reached.contains(goals[$0].node) }
      let candidates = reachability.derivation(of: open.map { goals[$0].node }, in: reached)
      let survival = CandidateSurvival(reachability, reached, goals: open.map { goals[$0].node })
      for start in stride(from: 0, to: candidates.count, by: CandidateSurvival.width) {
        let batch = Array(candidates[start...].prefix(CandidateSurvival.width))
        let survives = survival.survives(without: batch)
        for goal in open {
          for bit in CandidateSurvival.lost(survives[goals[goal].node], of: batch.count) {
            cut[Int(batch[bit]), default: []].append(goal)
          }
        }
      }
    }
    return cut.map { ChokePoint(node: $0.key, goals: $0.value.sorted()) }.sorted {
      $0.goals.count == $1.goals.count ? $0.node < $1.node : $0.goals.count > $1.goals.count
    }
  }
}

/// The derivation of a graph in the absence of each of up to 512 nodes, all at once.
private struct CandidateSurvival {
  typealias Mask = SIMD8<UInt64>
  static let width = 512

  private let reachability: BlockedReachability
  private let reached: BlockedReachability.Reached
  /// The reached nodes that can take part in deriving a goal, each behind what it was derived from.
  private let order: [Int32]
  private let isMember: [Bool]

  init(
    _ reachability: BlockedReachability, _ reached: BlockedReachability.Reached, goals: [Int]
  ) {
    var isMember = [Bool](repeating: false, count: reachability.graph.count)
    var stack = goals
    for goal in goals { isMember[goal] = true }
    while let node = stack.popLast() {
      guard !reached.isStart(node) else { continue }
      for parent in reachability.graph.parents(of: node) {
        let parent = Int(parent)
        guard !isMember[parent], reached.contains(parent) else { continue }
        isMember[parent] = true
        stack.append(parent)
      }
    }
    self.reachability = reachability
    self.reached = reached
    self.isMember = isMember
    order = reached.order.filter { isMember[Int($0)] }
  }

  /// For each node the candidates, as bits by place in the batch, without which it is still derived.
  func survives(without batch: [Int32]) -> [Mask] {
    let graph = reachability.graph
    var own: [Int: Int] = [:]
    for (bit, node) in batch.enumerated() { own[Int(node)] = bit }
    var masks = [Mask](repeating: Mask(), count: graph.count)
    var isQueued = isMember
    var queue = order
    var next = 0
    while next < queue.count {
      let node = Int(queue[next])
      next += 1
      isQueued[node] = false
      var mask = Mask(repeating: .max)
      if !reached.isStart(node) {
        let parents = graph.parents(of: node)
        if graph.kinds[node] == .and {
          for parent in parents { mask &= masks[Int(parent)] }
        } else {
          mask = Mask()
          for parent in parents where isMember[Int(parent)] { mask |= masks[Int(parent)] }
        }
      }
      if let bit = own[node] { mask[bit >> 6] &= ~(1 << UInt64(bit & 63)) }
      guard mask != masks[node] else { continue }
      masks[node] = mask
      for child in reachability.children(of: node)
      where isMember[Int(child)] && !isQueued[Int(child)] && !reached.isStart(Int(child)) {
        isQueued[Int(child)] = true
        queue.append(child)
      }
      if next > 1 << 20, next > queue.count / 2 {
        queue.removeFirst(next)
        next = 0
      }
    }
    return masks
  }

  /// The bits below `count` that are not set.
  static func lost(_ mask: Mask, of count: Int) -> [Int] {
    (0..<count).filter { mask[$0 >> 6] >> UInt64($0 & 63) & 1 == 0 }
  }
}

internal import TensorCore

/// A lower bound on what completing a partial derivation still costs, by landmark cuts.
///
/// A landmark is a set of nodes of which every derivation of the goal contains one. The bound finds
/// landmarks whose weights share each node's cost without using it twice, so their sum is admissible.
/// Source: Helmert and Domshlak, "Landmarks, critical paths and abstractions: what's the difference
/// anyway?", ICAPS 2009 (LM-cut), on AND/OR graphs instead of planning operators.
///
/// Where paths must use several fronts, the graph gets one more layer for each: a chain, at the same
/// shared costs, from an entry of that front to the goal, which every wanted path contains.
@safe
struct PathSearchBound: ~Copyable {
  /// Edges looked at so far: the measure of work.
  var work: Int { ownWork + core.work }
  private var ownWork = 0

  private let layers: PathSearchLayers
  /// What each node waits for before it is derived; 0 for sources.
  private let waits: AlignedScratch<Int32>
  private var core: LandmarkCore

  // Scratch, kept between calls.
  private let residual: AlignedScratch<Int64>
  /// Cost of the dearest chain below each node, its own included; `.max` where it is not derived.
  private let distance: AlignedScratch<Int64>
  private let waitingFor: AlignedScratch<Int32>
  /// The dearest parent of each derived AND node.
  private let supporter: AlignedScratch<Int32>
  private var queue: MonotoneQueue

  /// Landmarks beyond this many are left out: the bound stays admissible.
  private static let landmarkLimit = 256

  init(_ problem: PathSearchProblem) {
    let layers = PathSearchLayers(problem)
    let count = layers.count
    waits = AlignedScratch(count: count)
    let waits = unsafe waits.buffer
    for node in 0..<count {
      unsafe waits[node] =
        layers.isAnd[node] ? layers.parentOffsets[node + 1] - layers.parentOffsets[node] : 1
    }
    for source in layers.sources { unsafe waits[Int(source)] = 0 }
    residual = AlignedScratch(count: problem.count)
    distance = AlignedScratch(count: count)
    waitingFor = AlignedScratch(count: count)
    supporter = AlignedScratch(count: count)
    queue = MonotoneQueue(nodeCount: count, capacity: count)
    core = LandmarkCore(layers)
    self.layers = layers
  }

  /// The least cost of the dearest chain below each node of the problem; `.max` where it is not derived.
  mutating func distances(costs: [Int64]) -> [Int64] {
    let residual = unsafe residual.buffer
    let distance = unsafe distance.buffer
    for node in costs.indices { unsafe residual[node] = costs[node] }
    propagate([Int32](repeating: -1, count: costs.count).span, [])
    return costs.indices.map { unsafe distance[$0] }
  }

  /// Adds the landmarks that known ones leave undiscovered, when `choices` (the chosen parent of each OR node,
  /// −1 where open) are made, `blocked` nodes are not to be used and nodes cost `remaining`: nothing where
  /// already paid, and elsewhere the cost less the weights of the known landmarks they are members of.
  /// `false` where the goal cannot be derived so.
  mutating func findLandmarks(
    choices: [Int32], blocked: [Int32], remaining: [Int64], _ landmarks: inout Landmarks
  ) -> Bool {
    let residual = unsafe residual.buffer
    let distance = unsafe distance.buffer
    let remaining = remaining.span
    precondition(remaining.count == residual.count, "one cost for each node")
    for node in 0..<remaining.count {
      unsafe residual[node] = Self.withoutDust(remaining[node])
    }
    propagate(choices.span, blocked)
    let whole = unsafe distance[Int(layers.goal)]
    if whole == .max { return false }
    if whole == 0 { return true }
    unsafe core.gather(
      layers, choices: choices.span, distance: UnsafeBufferPointer(distance),
      supporter: UnsafeBufferPointer(supporter.buffer))
    unsafe core.cut(residual, limit: Self.landmarkLimit, &landmarks)
    return true
  }

  /// Costs such as 7 × 0.1 and 0.7 differ by rounding only; without this, each such difference would give a
  /// landmark of its own that is worth nothing.
  @inline(__always)
  static func withoutDust(_ cost: Int64) -> Int64 { cost < 64 ? 0 : cost }

  /// Dijkstra's algorithm with AND = maximum over parents. Every node enters the queue once, because the
  /// first parent taken out decides an OR node and the last one an AND node.
  private mutating func propagate(_ choices: Span<Int32>, _ blocked: [Int32]) {
    let residual = unsafe residual.buffer
    let distance = unsafe distance.buffer
    let waitingFor = unsafe waitingFor.buffer
    let supporter = unsafe supporter.buffer
    let layers = layers
    let base = layers.base.span
    let isAnd = layers.isAnd.span
    let childOffsets = layers.childOffsets.span
    let children = layers.children.span
    let count = layers.count
    unsafe distance.update(repeating: .max)
    _ = unsafe waitingFor.update(fromContentsOf: waits.buffer)
    // A blocked node waits for ever, in every layer.
    for node in blocked {
      for copy in stride(from: Int(node), to: layers.copies, by: layers.width) {
        unsafe waitingFor[copy] = .max
      }
    }
    queue.restart()
    for source in layers.sources where unsafe waitingFor[Int(source)] == 0 {
      unsafe queue.insert(source, at: residual[Int(base[Int(source)])])
    }
    var work = count
    while let entry = queue.popFirst() {
      let node = Int(entry.node)
      unsafe distance[node] = entry.cost
      let own = base[node]
      let edges = Int(childOffsets[node])..<Int(childOffsets[node + 1])
      work += 1 + edges.count
      for edge in edges {
        let child = Int(children[edge])
        let waiting = unsafe waitingFor[child]
        guard waiting > 0 else { continue }
        let place = base[child]
        if isAnd[child] {
          unsafe waitingFor[child] = waiting - 1
          guard waiting == 1 else { continue }
          unsafe supporter[child] = entry.node
        } else {
          let choice = choices[Int(place)]
          guard choice < 0 || choice == own, waiting == 1 else { continue }
          unsafe waitingFor[child] = 0
        }
        let cost = place < 0 ? 0 : unsafe residual[Int(place)]
        queue.insert(Int32(truncatingIfNeeded: child), at: entry.cost + cost)
      }
    }
    ownWork += work
  }
}

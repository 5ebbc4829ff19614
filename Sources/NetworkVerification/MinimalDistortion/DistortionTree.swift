/// The tree of splits as far as it is known: what is open, what is closed, and the nearest example.
struct DistortionTree: Sendable {
  let effort: DistortionEffort
  /// The distance of the nearest example; with none, more than that of any input within the limits.
  private(set) var known: Double
  private(set) var example: [Float]?
  private(set) var exampleDistance: Double?
  private let farthest: Double
  private(set) var open: [DistortionNode] = []
  /// The least bound of what is closed.
  private(set) var floor = Double.infinity
  private(set) var nodes = 0
  var pivots = 0
  var maxima = 0
  private var numbers = 0

  init(effort: DistortionEffort, example: [Float]?, of distortion: MinimalDistortion) {
    self.effort = effort
    self.example = example
    exampleDistance = example.map(distortion.distance)
    farthest = distortion.farthest
    // Beyond all inputs by more than the gap: only what no input fits is closed before there is an example.
    known = exampleDistance ?? (farthest / max(0x1p-10, 1 - effort.gap) * (1 + 0x1p-20)).nextUp
  }

  /// Whether some open part may hold a nearer example than the gap allows.
  var isOpen: Bool { known > 0 && open.contains { $0.bound < cutoff } }

  private var cutoff: Double { known * (1 - effort.gap) }

  var hasEffort: Bool {
    let bytes = (open.first?.ranges.lower.count ?? 0) * 32 + (open.last?.basis.count ?? 0) * 8
    return nodes < effort.nodes && pivots < effort.pivots && open.count * bytes <= effort.memory
  }

  /// Takes the open parts with the least bounds.
  mutating func next(_ count: Int) -> [DistortionNode] {
    open.sort { ($0.bound, $0.number) > ($1.bound, $1.number) }
    let round = Array(open.suffix(count).reversed())
    open.removeLast(round.count)
    return round
  }

  mutating func take(_ exploration: DistortionExploration) {
    takeExample(of: exploration)
    floor = min(floor, exploration.floor)
    for var child in exploration.children {
      numbers += 1
      child.number = numbers
      open.append(child)
    }
  }

  /// Keeps a node that nobody has explored.
  mutating func wait(_ node: DistortionNode) { open.append(node) }

  /// Takes what holds without the parts that the exploration left open.
  mutating func takeExample(of exploration: DistortionExploration) {
    nodes += exploration.nodes
    pivots += exploration.pivots
    if let found = exploration.example, exploration.distance < known {
      (known, example, exampleDistance) = (exploration.distance, found, exploration.distance)
    }
  }

  var bracket: DistortionBracket {
    let least = min(floor, open.reduce(.infinity) { min($0, $1.bound) })
    let isInfeasible = exampleDistance == nil && least > farthest
    let lower = isInfeasible ? .infinity : exampleDistance.map { min(least, $0) } ?? least
    let ending: DistortionBracket.Ending
    if isInfeasible {
      ending = .infeasible
    } else if exampleDistance != nil, lower >= cutoff {
      ending = .closed
    } else {
      ending = isOpen ? .limit : .settled
    }
    return DistortionBracket(
      ending: ending, lower: max(0, lower), upper: exampleDistance, example: example, nodes: nodes,
      pivots: pivots, maxima: maxima)
  }
}

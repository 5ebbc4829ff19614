/// The AND/OR graph on which the bound of a path search works: the nodes of the problem and, for each front
/// that must be used, a copy in which one chain leads from an entry of that front to the goal.
struct PathSearchLayers {
  let goal: Int32
  /// Nodes of one layer.
  let width: Int
  /// Nodes of all layers, without the goal over them.
  let copies: Int
  let sources: [Int32]
  let isAnd: [Bool]
  /// The node of the problem behind each node; −1 for the goal over all layers. Copies of a node follow each
  /// other at a distance of one layer.
  let base: [Int32]
  let parentOffsets: [Int32]
  let parents: [Int32]
  let childOffsets: [Int32]
  let children: [Int32]

  var count: Int { base.count }

  init(_ problem: PathSearchProblem) {
    let count = Int32(problem.count)
    width = problem.count
    copies = problem.count * (problem.required.count + 1)
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
  }
}

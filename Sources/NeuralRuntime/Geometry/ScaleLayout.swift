import EngineSupport

/// Which scale belongs to which element of a quantised tensor: one for all, one for each index along an
/// axis, or one for each block along it.
struct ScaleLayout: Sendable {
  private let node: OperatorNode
  private let axis: Int
  private let block: Int

  init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    axis = try node.int("axis") ?? 1
    block = try node.int("block_size") ?? 0
    guard (0...NetworkLimits.elements).contains(block) else {
      throw node.invalidAttribute("block_size", "at least 0")
    }
  }

  /// Whether the axis of the scales is the first one.
  func isAlongRows(of shape: [Int]) -> Bool { axis == 0 || axis + shape.count == 0 }

  /// The place of the scale of each element.
  func places(of scale: [Int], in shape: [Int]) throws(Diagnostic) -> [Int] {
    let count = shape.reduce(1, *)
    if scale.reduce(1, *) == 1 { return [Int](repeating: 0, count: count) }
    let axis = try node.axis(axis, rank: shape.count)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let length = shape[axis]
    if block == 0 {
      guard scale == [length] else {
        throw node.mismatch("scales of \(scale) for an axis of \(length)")
      }
      return (0..<count).map { $0 / inner % length }
    }
    let blocks = (length + block - 1) / block
    var wanted = shape
    wanted[axis] = blocks
    guard scale == wanted else { throw node.mismatch("scales of \(scale), not \(wanted)") }
    return (0..<count).map { place in
      let outer = place / inner / length
      return (outer * blocks + place / inner % length / block) * inner + place % inner
    }
  }
}

package import EngineSupport
package import TensorCore

/// Pad: room around a tensor, filled with a constant, the edge, a mirror image or the other end; negative
/// room cuts away.
package struct Padding: RearrangingOperator {
  package static let signatures = [
    OperatorSignature("Pad", opsets: 7...10, attributes: ["mode", "pads", "value"]),
    OperatorSignature(
      "Pad", opsets: 11...OperatorSignature.newestOpset,
      parameters: ["pads", "constant_value", "axes"], attributes: ["mode"]),
  ]

  private enum Mode: String { case constant, edge, reflect, wrap }

  package let node: OperatorNode
  package let fill: (any NumericTensor)?
  private let mode: Mode
  private let pads: [Int]
  private let axes: [Int]?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let mode = Mode(rawValue: try node.string("mode") ?? "constant") else {
      throw node.invalidAttribute("mode", "constant, edge, reflect or wrap")
    }
    self.mode = mode
    guard let pads = node.opset < 11 ? try node.ints("pads") : try node.parameterInts("pads")
    else { throw node.mismatch("pads is missing") }
    guard pads.allSatisfy({ $0.magnitude <= NetworkLimits.elements })
    else { throw node.mismatch("pads of \(pads)") }
    self.pads = pads
    axes = try node.parameterInts("axes")
    if let value = try node.float("value") {
      fill = Tensor<Float>(shape: [], elements: [Float(value)])
    } else {
      fill = node.parameter("constant_value") as? any NumericTensor
    }
  }

  /// Room before and after each axis.
  private func room(_ rank: Int) throws(Diagnostic) -> [(before: Int, after: Int)] {
    var room = [(before: Int, after: Int)](repeating: (0, 0), count: rank)
    var chosen = Array(0..<rank)
    if let axes {
      chosen = []
      for axis in axes { chosen.append(try node.axis(axis, rank: rank)) }
    }
    guard pads.count == 2 * chosen.count else {
      throw node.mismatch("\(pads.count) pads for \(chosen.count) axes")
    }
    for (index, axis) in chosen.enumerated() {
      room[axis] = (pads[index], pads[index + chosen.count])
    }
    return room
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    let room = try room(shape.count)
    for (length, room) in zip(shape, room) {
      let most = max(room.before, room.after)
      guard mode == .constant || most <= 0 || length > (mode == .reflect && most > 0 ? 1 : 0)
      else { throw node.mismatch("an axis of \(length) cannot be continued") }
    }
    return [zip(shape, room).map { $0 + $1.before + $1.after }]
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let shape = operands[0]
    guard let room = try? room(shape.count) else {
      preconditionFailure("shapes were checked before")
    }
    let strides = IndexWalk.strides(shape)
    // For each axis the source of every place along it; −1 is outside.
    let maps = shape.indices.map { axis in
      (0..<outputs[0][axis]).map { place($0 - room[axis].before, shape[axis]) }
    }
    var sources: [Int] = []
    sources.reserveCapacity(outputs[0].reduce(1, *))
    IndexWalk.forEachIndex(outputs[0]) { index in
      var source = 0
      for axis in index.indices {
        let place = maps[axis][index[axis]]
        if place < 0 {
          source = -1
          break
        }
        source += place * strides[axis]
      }
      sources.append(source)
    }
    return [sources]
  }

  private func place(_ position: Int, _ length: Int) -> Int {
    if position >= 0, position < length { return position }
    switch mode {
    case .constant: return -1
    case .edge: return position < 0 ? 0 : length - 1
    case .wrap: return (position % length + length) % length
    case .reflect:
      let period = 2 * (length - 1)
      let folded = (position % period + period) % period
      return folded < length ? folded : period - folded
    }
  }
}

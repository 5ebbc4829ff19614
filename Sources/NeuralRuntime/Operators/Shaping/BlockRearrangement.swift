package import EngineSupport
import TensorCore

/// DepthToSpace and SpaceToDepth: channels into blocks of the plane and back.
package struct BlockRearrangement: RearrangingOperator {
  package static let signatures = [
    OperatorSignature("DepthToSpace", attributes: ["blocksize", "mode"]),
    OperatorSignature("SpaceToDepth", attributes: ["blocksize"]),
  ]

  package let node: OperatorNode
  private let size: Int
  private let columnsFirst: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let size = try node.int("blocksize"), (1...4_096).contains(size) else {
      throw node.invalidAttribute("blocksize", "from 1 to 4096")
    }
    self.size = size
    switch try node.string("mode") ?? "DCR" {
    case "DCR": columnsFirst = false
    case "CRD": columnsFirst = true
    default: throw node.invalidAttribute("mode", "DCR or CRD")
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    guard shape.count == 4 else { throw node.mismatch("\(shape) is not of rank 4") }
    if node.operation == "DepthToSpace" {
      guard shape[1] % (size * size) == 0 else {
        throw node.mismatch("\(shape[1]) channels do not fill blocks of \(size)")
      }
      return [[shape[0], shape[1] / (size * size), shape[2] * size, shape[3] * size]]
    }
    guard shape[2] % size == 0, shape[3] % size == 0 else {
      throw node.mismatch("a plane of \(shape[2...]) is not made of blocks of \(size)")
    }
    return [[shape[0], shape[1] * size * size, shape[2] / size, shape[3] / size]]
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let shape = operands[0]
    let split: [Int]
    let order: [Int]
    if node.operation == "DepthToSpace" {
      let depth = outputs[0][1]
      split =
        columnsFirst
        ? [shape[0], depth, size, size, shape[2], shape[3]]
        : [shape[0], size, size, depth, shape[2], shape[3]]
      order = columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
    } else {
      split = [shape[0], shape[1], shape[2] / size, size, shape[3] / size, size]
      order = [0, 3, 5, 1, 2, 4]
    }
    let strides = IndexWalk.strides(split)
    return [
      IndexWalk.positions(order.map { split[$0] }, strides: order.map { strides[$0] })
    ]
  }
}

package import EngineSupport
import TensorCore

/// Trilu: the upper or lower triangle of each matrix, zeros elsewhere.
package struct Triangle: RearrangingOperator {
  package static let signatures = [
    OperatorSignature(
      "Trilu", opsets: 14...OperatorSignature.newestOpset, parameters: ["k"],
      attributes: ["upper"])
  ]

  package let node: OperatorNode
  private let diagonal: Int
  private let isUpper: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    diagonal = try node.parameterInt("k") ?? 0
    isUpper = try node.int("upper") ?? 1 != 0
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard operands[0].count >= 2 else { throw node.mismatch("\(operands[0]) holds no matrices") }
    return operands
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let shape = operands[0]
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    return [
      (0..<shape.reduce(1, *)).map { place in
        let (row, column) = (place / columns % rows, place % columns)
        let distance = column - row
        return isUpper ? (distance >= diagonal ? place : -1) : (distance <= diagonal ? place : -1)
      }
    ]
  }
}

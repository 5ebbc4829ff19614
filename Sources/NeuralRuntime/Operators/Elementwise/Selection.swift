package import EngineSupport
import TensorCore

/// Where: elements of one tensor or the other, as a third says.
package struct Selection: RearrangingOperator {
  package static let signatures = [
    OperatorSignature(
      "Where", opsets: 9...OperatorSignature.newestOpset, operands: 2...2,
      placed: [0: "condition"])
  ]

  package let node: OperatorNode
  private let condition: Tensor<Bool>

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let condition = node.parameter("condition") as? Tensor<Bool> else {
      throw node.wrongType("the condition must hold truth values")
    }
    self.condition = condition
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard let shape = IndexWalk.broadcastShape([condition.shape] + operands) else {
      throw node.mismatch("\([condition.shape] + operands) cannot be broadcast together")
    }
    return [shape]
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let shape = outputs[0]
    func positions(_ own: [Int], _ offset: Int) -> [Int] {
      IndexWalk.positions(
        shape, strides: IndexWalk.broadcastStrides(own, to: shape) ?? [], offset: offset)
    }
    let truths = positions(condition.shape, 0)
    let left = positions(operands[0], 0)
    let right = positions(operands[1], operands[0].reduce(1, *))
    return [truths.indices.map { condition.elements[truths[$0]] ? left[$0] : right[$0] }]
  }
}

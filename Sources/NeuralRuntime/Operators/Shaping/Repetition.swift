package import EngineSupport
import TensorCore

/// Expand and Tile: a tensor repeated along its axes.
package struct Repetition: RearrangingOperator {
  package static let signatures = [
    OperatorSignature(
      "Expand", opsets: 8...OperatorSignature.newestOpset, parameters: ["shape"]),
    OperatorSignature("Tile", parameters: ["repeats"]),
  ]

  package let node: OperatorNode
  private let numbers: [Int]

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let numbers = try node.parameterInts(node.operation == "Tile" ? "repeats" : "shape")
    else { throw node.mismatch("the second input is missing") }
    guard numbers.allSatisfy({ $0 >= 0 && $0 <= NetworkLimits.elements }) else {
      throw node.mismatch("\(numbers) are no lengths")
    }
    self.numbers = numbers
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    if node.operation == "Tile" {
      guard numbers.count == shape.count else {
        throw node.mismatch("\(numbers.count) repeats for a tensor of rank \(shape.count)")
      }
      return [zip(shape, numbers).map { $0 * $1 }]
    }
    guard let both = Broadcasting(shape, numbers) else {
      throw node.mismatch("\(shape) cannot be expanded to \(numbers)")
    }
    return [both.shape]
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let shape = operands[0]
    guard node.operation == "Tile" else {
      return [
        IndexWalk.positions(
          outputs[0], strides: IndexWalk.broadcastStrides(shape, to: outputs[0]) ?? [])
      ]
    }
    // Each axis is two: which copy, and where in it.
    let strides = IndexWalk.strides(shape)
    return [
      IndexWalk.positions(
        zip(numbers, shape).flatMap { [$0, $1] }, strides: strides.flatMap { [0, $0] })
    ]
  }
}

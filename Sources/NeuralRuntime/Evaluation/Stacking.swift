import EngineSupport
import TensorCore

/// Slices of a tensor along an axis and back, as Scan and Loop take and gather them; recorded like any
/// operator, so that gradients pass.
struct Stacking: RearrangingOperator {
  static let signatures: [OperatorSignature] = []

  let node: OperatorNode
  let axis: Int
  /// The slice that is taken; nil stacks the operands in order.
  let slice: Int?

  init(_ node: OperatorNode) throws(Diagnostic) {
    throw node.unsupported("is made by Loop and Scan only")
  }

  init(_ node: OperatorNode, axis: Int, slice: Int?) {
    self.node = node
    self.axis = axis
    self.slice = slice
  }

  func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    var shape = operands[0]
    guard slice == nil else {
      shape.remove(at: axis)
      return [shape]
    }
    guard operands.allSatisfy({ $0 == shape }), axis <= shape.count else {
      throw node.mismatch("rounds that give \(shape) and another shape cannot be stacked")
    }
    shape.insert(operands.count, at: axis)
    return [shape]
  }

  func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    if let slice {
      let (outer, length, inner) = IndexWalk.split(operands[0], at: axis)
      return [
        (0..<outer).flatMap { block in
          (0..<inner).map { (block * length + slice) * inner + $0 }
        }
      ]
    }
    let (outer, length, inner) = IndexWalk.split(outputs[0], at: axis)
    let size = outer * inner
    return [
      (0..<outer).flatMap { block in
        (0..<length).flatMap { round in
          (0..<inner).map { round * size + block * inner + $0 }
        }
      }
    ]
  }

  /// No rounds give an empty tensor, of `Float` since nothing says otherwise.
  static func stacked(
    _ values: [Execution.Held], axis: Int, reversed: Bool, _ node: OperatorNode,
    in execution: inout Execution
  ) throws(Diagnostic) -> Execution.Held {
    guard let first = values.first else {
      return Execution.Held(
        value: .tensor(Tensor<Float>(shape: [0], elements: [])), origin: -1)
    }
    let rank = (try node.tensor(first.value, 0)).rank + 1
    let stacking = Stacking(node, axis: try node.axis(axis, rank: rank), slice: nil)
    return try execution.apply(
      stacking, to: reversed ? values.reversed() : values, at: node.location, name: node.operation)[
        0]
  }
}

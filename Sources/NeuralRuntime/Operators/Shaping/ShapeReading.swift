package import EngineSupport
import TensorCore

/// Shape and Size: what a tensor measures, as integers.
package struct ShapeReading: Operator {
  package static let signatures = [
    OperatorSignature("Shape", attributes: ["end", "start"]),
    OperatorSignature("Size"),
  ]

  private let node: OperatorNode
  private let start: Int
  private let end: Int?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    start = try node.int("start") ?? 0
    end = try node.int("end")
  }

  /// What the operator gives for a tensor of this shape.
  func reading(_ shape: [Int]) -> any AnyTensor {
    if node.operation == "Size" {
      return Tensor<Int64>(shape: [], elements: [Int64(shape.reduce(1, *))])
    }
    func clamped(_ axis: Int) -> Int {
      min(max(axis < 0 ? axis &+ shape.count : axis, 0), shape.count)
    }
    let (first, last) = (clamped(start), clamped(end ?? shape.count))
    let lengths = first < last ? shape[first..<last].map { Int64($0) } : []
    return Tensor<Int64>(shape: [lengths.count], elements: lengths)
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    [.tensor(reading(try node.tensors(operands)[0].shape))]
  }
}

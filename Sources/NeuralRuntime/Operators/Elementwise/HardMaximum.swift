package import EngineSupport
import TensorCore

/// Hardmax: 1 at the first greatest element along an axis, 0 elsewhere.
package struct HardMaximum: Operator {
  package static let signatures = [OperatorSignature("Hardmax", attributes: ["axis"])]

  private let node: OperatorNode
  private let axis: Int
  private let joinsAxes: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    joinsAxes = node.opset < 13
    axis = try node.int("axis") ?? (joinsAxes ? 1 : -1)
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    guard let reals = tensor as? any RealTensor else { throw node.wrongTypes([tensor]) }
    let axis = try node.axis(axis, rank: tensor.rank, includingEnd: joinsAxes)
    let shape = tensor.shape
    try budget.claim(shape, for: node)
    let (outer, length, inner) =
      joinsAxes
      ? (shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *), 1)
      : IndexWalk.split(shape, at: axis)
    let x = reals.reals
    var marks = [Int64](repeating: 0, count: x.count)
    for group in 0..<outer * inner where length > 0 {
      let start = group / inner * length * inner + group % inner
      var best = start
      for i in 1..<max(length, 1) where x[start + i * inner] > x[best] { best = start + i * inner }
      marks[best] = 1
    }
    return [.tensor(marked(reals, marks))]
  }

  private func marked<T: RealTensor>(_ tensor: T, _ marks: [Int64]) -> any AnyTensor {
    T(shape: tensor.shape, elements: marks.map { T.Element(integer: $0) })
  }
}

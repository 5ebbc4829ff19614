package import EngineSupport
import TensorCore

/// ArgMax and ArgMin: where along an axis the greatest or least element stands.
package struct ExtremumSearch: Operator {
  package static let signatures = ["ArgMax", "ArgMin"].map {
    OperatorSignature($0, attributes: ["axis", "keepdims", "select_last_index"])
  }

  private let node: OperatorNode
  private let axis: Int
  private let keepsAxis: Bool
  private let takesLast: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    axis = try node.int("axis") ?? 0
    keepsAxis = try node.int("keepdims") ?? 1 != 0
    takesLast = try node.flag("select_last_index")
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.numbers(try node.tensors(operands)[0], 0)
    let axis = try node.axis(axis, rank: tensor.shape.count)
    let (outer, length, inner) = IndexWalk.split(tensor.shape, at: axis)
    guard length > 0 else { throw node.mismatch("an axis without elements") }
    var shape = tensor.shape
    if keepsAxis { shape[axis] = 1 } else { shape.remove(at: axis) }
    try budget.claim(shape, for: node, work: tensor.reals.count)
    let (x, whole) = (tensor.reals, tensor.integers)
    let isInteger = tensor is any IntegerTensor
    let sign = node.operation == "ArgMax"
    func isBetter(_ a: Int, _ b: Int) -> Bool {
      if isInteger { return whole[a] == whole[b] ? takesLast : (whole[a] > whole[b]) == sign }
      if x[a] == x[b] { return takesLast }
      return (x[a] > x[b]) == sign && !x[b].isNaN || x[a].isNaN && !x[b].isNaN
    }
    var places: [Int64] = []
    for block in 0..<outer {
      for column in 0..<inner {
        let start = block * length * inner + column
        var best = 0
        for index in 1..<max(length, 1)
        where isBetter(start + index * inner, start + best * inner) {
          best = index
        }
        places.append(Int64(best))
      }
    }
    return [.tensor(Tensor(shape: shape, elements: places))]
  }
}

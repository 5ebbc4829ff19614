package import EngineSupport
import TensorCore

/// Tensors made from their shape: ConstantOfShape, EyeLike, OneHot, Range.
package struct Creation: Operator {
  package static let signatures = [
    OperatorSignature(
      "ConstantOfShape", opsets: 9...OperatorSignature.newestOpset, attributes: ["value"]),
    OperatorSignature(
      "EyeLike", opsets: 9...OperatorSignature.newestOpset, attributes: ["dtype", "k"]),
    OperatorSignature(
      "OneHot", opsets: 9...OperatorSignature.newestOpset, operands: 3...3, attributes: ["axis"]),
    OperatorSignature("Range", opsets: 11...OperatorSignature.newestOpset, operands: 3...3),
  ]

  private let node: OperatorNode
  private let value: (any AnyTensor)?
  private let type: ElementType?
  private let diagonal: Int
  private let axis: Int

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    value = try node.tensor("value")
    type = try node.elementType("dtype")
    diagonal = try node.int("k") ?? 0
    axis = try node.int("axis") ?? -1
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    switch node.operation {
    case "ConstantOfShape":
      let shape = try node.integers(tensors[0], 0)
      let count = try budget.claim(shape, for: node)
      let one = value ?? Tensor<Float>(shape: [1], elements: [0])
      guard one.count == 1 else { throw node.invalidAttribute("value", "one element") }
      return [.tensor(one.gathering([Int](repeating: 0, count: count), shape: shape))]
    case "EyeLike": return [.tensor(try identity(tensors[0], within: &budget))]
    case "OneHot": return [.tensor(try oneHot(tensors, within: &budget))]
    default:
      guard let start = tensors[0] as? any NumericTensor else { throw node.wrongTypes(tensors) }
      return [.tensor(try range(start, tensors, within: &budget))]
    }
  }

  private func identity(
    _ like: any AnyTensor, within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    guard like.rank == 2 else { throw node.mismatch("\(like.shape) is no matrix") }
    try budget.claim(like.shape, for: node)
    let (rows, columns) = (like.shape[0], like.shape[1])
    let ones = (0..<rows * columns).map { Int64($0 % columns - $0 / columns == diagonal ? 1 : 0) }
    let target = (type ?? like.elementType).swiftType as? any NumericElement.Type
    guard let target else { throw node.wrongTypes([like]) }
    return converted(Tensor(shape: like.shape, elements: ones), target)
  }

  private func converted<T: NumericElement>(_ tensor: Tensor<Int64>, _: T.Type) -> any AnyTensor {
    tensor.converted(to: T.self)
  }

  private func oneHot(
    _ tensors: [any AnyTensor], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    let indices = try node.numbers(tensors[0], 0).integers
    let values = tensors[2]
    guard let depth = try node.numbers(tensors[1], 1).integers.first.map({ Int($0) }), depth > 0,
      values.count == 2
    else { throw node.mismatch("the depth or the pair of values is missing") }
    let rank = tensors[0].rank + 1
    let axis = try node.axis(axis, rank: rank)
    var shape = tensors[0].shape
    shape.insert(depth, at: axis)
    let count = try budget.claim(shape, for: node)
    let inner = shape[(axis + 1)...].reduce(1, *)
    var sources = [Int](repeating: 0, count: count)
    for (place, index) in indices.enumerated() {
      let chosen = index < 0 ? index &+ Int64(depth) : index
      guard chosen >= 0, chosen < Int64(depth) else { continue }
      sources[(place / inner * depth + Int(chosen)) * inner + place % inner] = 1
    }
    return values.gathering(sources, shape: shape)
  }

  private func range<T: NumericTensor>(
    _ start: T, _ tensors: [any AnyTensor], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    guard let limit = tensors[1] as? T, let delta = tensors[2] as? T, start.count == 1,
      limit.count == 1, delta.count == 1
    else { throw node.wrongTypes(tensors) }
    let (first, last, step) = (start.reals[0], limit.reals[0], delta.reals[0])
    let steps = ((last - first) / step).rounded(.up)
    guard steps.isFinite, abs(steps) <= Double(NetworkLimits.elements) else {
      throw node.mismatch("a range from \(first) to \(last) in steps of \(step)")
    }
    let count = try budget.claim([max(0, Int(steps))], for: node)
    let (begin, by) = (start.integers[0], delta.integers[0])
    let elements = (0..<count).map { index in
      T.Element.isInteger
        ? T.Element(integer: begin &+ Int64(index) &* by)
        : T.Element(real: first + Double(index) * step)
    }
    return T(shape: [count], elements: elements)
  }
}

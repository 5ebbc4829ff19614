package import EngineSupport
import TensorCore

/// Mod: the remainder with the divisor's sign, or with the dividend's (fmod = 1).
package struct Remainder: Operator {
  package static let signatures = [
    OperatorSignature(
      "Mod", opsets: 10...OperatorSignature.newestOpset, operands: 2...2, attributes: ["fmod"])
  ]

  private let node: OperatorNode
  private let followsDividend: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    followsDividend = try node.flag("fmod")
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    guard let walk = Broadcasting(tensors[0].shape, tensors[1].shape) else {
      throw node.mismatch(
        "\(tensors[0].shape) and \(tensors[1].shape) cannot be broadcast together")
    }
    try budget.claim(walk.shape, for: node)
    guard let left = tensors[0] as? any NumericTensor else { throw node.wrongTypes(tensors) }
    return [.tensor(try remainders(left, tensors, walk))]
  }

  private func remainders<T: NumericTensor>(
    _ left: T, _ tensors: [any AnyTensor], _ walk: Broadcasting
  ) throws(Diagnostic) -> any AnyTensor {
    guard let right = tensors[1] as? T else { throw node.wrongTypes(tensors) }
    guard T.Element.isInteger else {
      return walk.pairs(left.reals, right.reals) { (a, b) -> T.Element in
        let rest = a.truncatingRemainder(dividingBy: b)
        let moves = !followsDividend && rest != 0 && (rest < 0) != (b < 0)
        return T.Element(real: moves ? rest + b : rest)
      }
    }
    guard !right.integers.contains(0) else { throw node.mismatch("a division by zero") }
    return walk.pairs(left.integers, right.integers) { (a, b) -> T.Element in
      let rest = b == -1 ? 0 : a % b
      let moves = !followsDividend && rest != 0 && (rest < 0) != (b < 0)
      return T.Element(integer: moves ? rest + b : rest)
    }
  }
}

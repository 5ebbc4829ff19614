package import EngineSupport
import TensorCore

/// Operators on one tensor that give truth values or turn bits over: BitwiseNot, IsInf, IsNaN, Not.
package struct Predicate: Operator {
  package static let signatures = [
    OperatorSignature("BitwiseNot", opsets: 18...OperatorSignature.newestOpset),
    OperatorSignature(
      "IsInf", opsets: 10...OperatorSignature.newestOpset,
      attributes: ["detect_negative", "detect_positive"]),
    OperatorSignature("IsNaN", opsets: 9...OperatorSignature.newestOpset),
    OperatorSignature("Not"),
  ]

  private let node: OperatorNode
  private let detectsNegative: Bool
  private let detectsPositive: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    detectsNegative = try node.int("detect_negative") ?? 1 != 0
    detectsPositive = try node.int("detect_positive") ?? 1 != 0
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    try budget.claim(tensor.shape, for: node)
    switch node.operation {
    case "Not":
      guard let truths = tensor as? Tensor<Bool> else { throw node.wrongTypes([tensor]) }
      return [.tensor(Tensor(shape: truths.shape, elements: truths.elements.map { !$0 }))]
    case "BitwiseNot":
      guard let integers = tensor as? any IntegerTensor else { throw node.wrongTypes([tensor]) }
      return [.tensor(inverted(integers))]
    default:
      guard let reals = tensor as? any RealTensor else { throw node.wrongTypes([tensor]) }
      let isNaN = node.operation == "IsNaN"
      let elements = reals.reals.map { x in
        isNaN
          ? x.isNaN : x == .infinity && detectsPositive || x == -.infinity && detectsNegative
      }
      return [.tensor(Tensor(shape: tensor.shape, elements: elements))]
    }
  }

  private func inverted<T: IntegerTensor>(_ tensor: T) -> any AnyTensor {
    T(shape: tensor.shape, elements: tensor.elements.map { ~$0 })
  }
}

package import EngineSupport
package import TensorCore

/// Functions of one real number that have no other operand: Exp, Log, Sin, Gelu and their like, computed in
/// `Double` and rounded once.
package struct ElementaryFunction: DifferentiableOperator, IntervalOperator {
  package static let signatures =
    RealFunction.plainNames.map { OperatorSignature($0) } + [
      OperatorSignature("Celu", opsets: 12...OperatorSignature.newestOpset, attributes: ["alpha"]),
      OperatorSignature("Elu", attributes: ["alpha"]),
      OperatorSignature(
        "Gelu", opsets: 20...OperatorSignature.newestOpset, attributes: ["approximate"]),
      OperatorSignature("HardSigmoid", attributes: ["alpha", "beta"]),
      OperatorSignature("HardSwish", opsets: 14...OperatorSignature.newestOpset),
      OperatorSignature("Mish", opsets: 18...OperatorSignature.newestOpset),
      OperatorSignature("Selu", attributes: ["alpha", "gamma"]),
      OperatorSignature(
        "Shrink", opsets: 9...OperatorSignature.newestOpset, attributes: ["bias", "lambd"]),
      OperatorSignature(
        "ThresholdedRelu", opsets: 10...OperatorSignature.newestOpset, attributes: ["alpha"]),
    ]

  package let node: OperatorNode
  let function: RealFunction

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    function = try RealFunction(node)
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] { [operands[0]] }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    guard let integers = tensor as? any IntegerTensor else {
      return try evaluateReals(operands, within: &budget)
    }
    guard ["Abs", "Neg", "Sign"].contains(node.operation) else { throw node.wrongTypes([tensor]) }
    try budget.claim(tensor.shape, for: node)
    return [.tensor(computed(integers))]
  }

  private func computed<T: IntegerTensor>(_ tensor: T) -> any AnyTensor {
    let elements = tensor.elements.map { x -> T.Element in
      switch node.operation {
      case "Abs": x < 0 ? 0 &- x : x
      case "Neg": 0 &- x
      default: T.Element(truncatingIfNeeded: x.signum())
      }
    }
    return T(shape: tensor.shape, elements: elements)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    [
      Tensor(
        shape: operands[0].shape,
        elements: operands[0].elements.map { S.rounding(function.value($0.real)) })
    ]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    var gradient = cotangents[0].elements
    let x = record.operands[0].elements
    for i in gradient.indices { gradient[i] *= S.rounding(function.derivative(x[i].real)) }
    return [Tensor(shape: record.operands[0].shape, elements: gradient)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    [operands[0].map { function.bounds($0, $1) }]
  }
}

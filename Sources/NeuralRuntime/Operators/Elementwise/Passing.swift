package import EngineSupport
package import TensorCore

/// Operators that hand their operand on unchanged: Identity, and Dropout when a model is used, not trained.
package struct Passing: AffineOperator {
  package static let signatures = [
    OperatorSignature("Dropout", opsets: 7...11, attributes: ["ratio"], results: 2),
    OperatorSignature(
      "Dropout", opsets: 12...OperatorSignature.newestOpset,
      parameters: ["ratio", "training_mode"], attributes: ["seed"],
      results: 2),
    OperatorSignature("Identity"),
  ]

  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    if try node.parameterNumber("training_mode") ?? 0 != 0,
      try node.parameterNumber("ratio") ?? 0.5 != 0
    {
      throw node.unsupported("training mode has random results")
    }
  }

  /// Any value is handed on, a sequence too; the mask of Dropout keeps everything.
  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    guard let value = operands.first ?? nil else { throw node.mismatch("the input is left out") }
    guard node.wantsOutput.count > 1, let shape = value.tensor?.shape else { return [value] }
    let count = try budget.claim(shape, for: node)
    return [value, .tensor(Tensor(shape: shape, elements: [Bool](repeating: true, count: count)))]
  }

  package func isAffine(in varying: [Bool]) -> Bool { true }

  package func roundings(for operands: [[Int]]) -> Int { 0 }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    operands.map(\.magnitudes)
  }

  package func keepsElements(_ operands: [[Int]], varying: [Bool]) -> Bool { true }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] { operands }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] { [operands[0]] }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] { [operands[0]] }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] { [cotangents[0]] }
}

package import EngineSupport
package import TensorCore

/// Operators that hand their operand on unchanged: Identity, and Dropout when a model is used, not trained.
package struct Passing: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature("Dropout", opsets: 7...11, attributes: ["ratio"]),
    OperatorSignature(
      "Dropout", opsets: 12...OperatorSignature.newestOpset,
      parameters: ["ratio", "training_mode"], attributes: ["seed"]),
    OperatorSignature("Identity"),
  ]

  package init(_ node: OperatorNode) throws(Diagnostic) {
    if try node.parameterNumber("training_mode") ?? 0 != 0 {
      throw node.unsupported("training mode has random results")
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] { [operands[0]] }

  package func rowwise(_ operands: [OperandShape]) -> Self? { self }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] { [operands[0]] }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] { [cotangents[0]] }
}

package import EngineSupport
package import TensorCore

/// An operator family: it names what it implements and computes it. What else can be done with it (plan,
/// differentiate, bound) is said by the protocols that refine this one.
package protocol Operator: Sendable {
  /// The operators of the family, one entry for each range of operator sets that shares its semantics.
  static var signatures: [OperatorSignature] { get }

  init(_ node: OperatorNode) throws(Diagnostic)

  /// The outputs for operands of any type and shape; an operand is nil where an optional input is left out.
  ///
  /// Errors: `onnx.shape.mismatch`, `onnx.type.mismatch`, `onnx.operator.unsupported`, and those of `budget`,
  /// which is asked before anything large is made.
  func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue]
}

/// An operator on floating-point tensors whose output shapes follow from its operands' shapes, so that a
/// network can be planned before it runs.
///
/// The planner calls `outputShapes` before anything runs and refuses shapes over `NetworkLimits`, so
/// `forward` may rely on shapes that passed.
package protocol RealOperator: Operator {
  /// The words for refusing operands.
  var node: OperatorNode { get }

  /// The shape of each output. Errors: `onnx.shape.mismatch`, `onnx.operator.unsupported`.
  func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]]

  func forward<S: KernelScalar>(_ operands: [Tensor<S>], by path: KernelPath) -> [Tensor<S>]

  /// This operator for any number of rows along axis 0 of its batched operands, planned from the shapes
  /// for one row; nil where a row of the output would depend on other rows or on their number.
  func rowwise(_ operands: [OperandShape]) -> (any RealOperator)?

  /// Whether an output of the node holds real numbers. The others, labels and places, are no part of `outputShapes`,
  /// `forward` and what refines them.
  func isReal(output: Int) -> Bool

  /// Whether a label is that of the first of the greatest scores, so that the scores can stand for it.
  var scoresDecideLabels: Bool { get }

  /// Multiply-adds of the operator's sums of products.
  func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int

  /// Elementary steps, at least `multiplyAdds`: what the limit on a sample's work counts.
  func work(for operands: [[Int]], outputs: [[Int]]) -> Int
}

extension RealOperator {
  /// Rows are taken to depend on each other.
  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { nil }

  package func isReal(output: Int) -> Bool { true }

  package var scoresDecideLabels: Bool { true }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int { 0 }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    multiplyAdds(for: operands, outputs: outputs)
      + outputs.reduce(0) { $0 + $1.reduce(1, *) }
  }
}

/// An operator that can be differentiated.
package protocol DifferentiableOperator: RealOperator {
  /// The vector–Jacobian product: for each operand the gradient of ⟨cotangents, outputs⟩, or nil where
  /// the record does not ask for it. Sums run in a fixed order that does not depend on other rows.
  func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?]
}

/// An operator that can be bounded.
package protocol IntervalOperator: RealOperator {
  /// For each output a range that holds every value the operator can have on operands inside their ranges,
  /// computed in `Float` with additions in any order: every engine is covered.
  func interval(_ operands: [IntervalTensor]) -> [IntervalTensor]
}

/// What a forward pass leaves behind for the way back.
package struct OperatorRecord<S: KernelScalar>: Sendable {
  package var operands: [Tensor<S>]
  package var outputs: [Tensor<S>]
  /// Which operands a gradient is wanted for.
  package var needsGradient: [Bool]

  package init(operands: [Tensor<S>], outputs: [Tensor<S>], needsGradient: [Bool]) {
    self.operands = operands
    self.outputs = outputs
    self.needsGradient = needsGradient
  }
}

/// An operand's shape for one sample, and whether its axis 0 grows with the batch.
package struct OperandShape: Sendable {
  package var shape: [Int]
  package var isBatched: Bool

  package init(_ shape: [Int], isBatched: Bool) {
    self.shape = shape
    self.isBatched = isBatched
  }
}

extension [OperandShape] {
  /// The common case: the first operand carries the batch and the others are constants.
  var onlyFirstIsBatched: Bool {
    first?.isBatched == true && first?.shape.isEmpty == false
      && dropFirst().allSatisfy { !$0.isBatched }
  }
}

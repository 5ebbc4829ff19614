package import EngineSupport
package import TensorCore

/// An operator family of a network: it names what it implements, checks shapes, and computes values.
///
/// The planner calls `outputShapes` before anything runs and refuses shapes over `NetworkLimits`, so
/// `forward` may rely on shapes that passed.
package protocol Operator: Sendable {
  /// The operators of the family, one entry for each range of operator sets that shares its semantics.
  static var signatures: [OperatorSignature] { get }

  init(_ node: OperatorNode) throws(Diagnostic)

  /// The shape of each output. Errors: `onnx.shape.mismatch`, `onnx.operator.unsupported`.
  func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]]

  func forward<S: KernelScalar>(_ operands: [Tensor<S>], by path: KernelPath) -> [Tensor<S>]

  /// This operator for any number of rows along axis 0 of its batched operands, planned from the shapes
  /// for one row; nil where a row of the output would depend on other rows or on their number.
  func rowwise(_ operands: [OperandShape]) -> Self?

  /// Multiply-adds of the operator's sums of products.
  func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int

  /// Elementary steps, at least `multiplyAdds`: what the limit on a sample's work counts.
  func work(for operands: [[Int]], outputs: [[Int]]) -> Int
}

extension Operator {
  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int { 0 }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    multiplyAdds(for: operands, outputs: outputs)
      + outputs.reduce(0) { $0 + $1.reduce(1, *) }
  }
}

/// An operator that can be differentiated.
package protocol DifferentiableOperator: Operator {
  /// The vector–Jacobian product: for each operand the gradient of ⟨cotangents, outputs⟩, or nil where
  /// the record does not ask for it. Sums run in a fixed order that does not depend on other rows.
  func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?]
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

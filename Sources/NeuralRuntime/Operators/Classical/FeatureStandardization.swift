package import EngineSupport
package import TensorCore

/// Scaler: (x − offset) · scale, each feature by itself.
package struct FeatureStandardization: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature("Scaler", domain: "ai.onnx.ml", attributes: ["offset", "scale"])
  ]

  package let node: OperatorNode
  private let offset: [Float]
  private let scale: [Float]

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    offset = try node.floats("offset") ?? [0]
    scale = try node.floats("scale") ?? [1]
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let width = operands[0].last ?? 1
    for (name, count) in [("offset", offset.count), ("scale", scale.count)]
    where count != 1 && count != width {
      throw node.mismatch("\(name) has \(count) numbers for \(width) features")
    }
    return operands
  }

  /// The operator takes any numbers and gives `Float`.
  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let numbers = try node.numbers(try node.tensors(operands)[0], 0).converted(to: Float.self)
    return try evaluateReals([.tensor(numbers)], within: &budget)
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    operands[0].shape.count > 1 ? self : nil
  }

  private func pick(_ values: [Float], _ place: Int, _ width: Int) -> Float {
    values[values.count == 1 ? 0 : place % width]
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    var y = operands[0].elements
    let width = max(operands[0].shape.last ?? 1, 1)
    for i in y.indices {
      y[i] = (y[i] - S(pick(offset, i, width))) * S(pick(scale, i, width))
    }
    return [Tensor(shape: operands[0].shape, elements: y)]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    var g = cotangents[0].elements
    let width = max(record.operands[0].shape.last ?? 1, 1)
    for i in g.indices { g[i] *= S(pick(scale, i, width)) }
    return [Tensor(shape: record.operands[0].shape, elements: g)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let x = operands[0]
    let width = max(x.shape.last ?? 1, 1)
    let ranges = x.lower.elements.indices.map { i -> Ranges.Range in
      let (shift, factor) = (Double(pick(offset, i, width)), Double(pick(scale, i, width)))
      let moved = OutwardRounding.widened(x[i].low - shift, x[i].high - shift, ulps: 1)
      let y = Ranges.product(moved, (factor, factor))
      return OutwardRounding.widened(y.low, y.high, ulps: 1)
    }
    return [IntervalTensor(shape: x.shape, ranges)]
  }
}

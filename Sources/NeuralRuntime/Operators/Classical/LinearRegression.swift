package import EngineSupport
package import TensorCore

/// LinearRegressor: a matrix product with the coefficients, then a transform of the scores.
package struct LinearRegression: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature(
      "LinearRegressor", domain: "ai.onnx.ml",
      attributes: ["coefficients", "intercepts", "post_transform", "targets"])
  ]

  package let node: OperatorNode
  private let model: LinearModel

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    model = try LinearModel(node)
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] { try model.evaluate(operands, within: &budget) }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard operands[0].count == 2, model.coefficients.count >= model.targets * operands[0][1] else {
      throw node.mismatch("\(operands[0]) are no rows of the model's features")
    }
    guard model.postTransform == .none else {
      throw node.unsupported("post_transform \(model.postTransform.rawValue) in a planned network")
    }
    return [[operands[0][0], model.targets]]
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    operands[0].reduce(1, *) * model.targets
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  private func product<S: KernelScalar>(
    _ x: Tensor<S>, _ coefficients: [Float], _ intercepts: [Float], by path: KernelPath
  ) -> Tensor<S> {
    let (rows, width, targets) = (x.shape[0], x.shape[1], model.targets)
    var y = (0..<rows * targets).map { intercepts.isEmpty ? 0 : S(intercepts[$0 % targets]) }
    S.addProduct(
      rows: rows, columns: targets, depth: width, of: x.elements, MatrixLayout(rowStride: width),
      and: coefficients.map { S($0) }, MatrixLayout(rowStride: width).transposed, to: &y,
      MatrixLayout(rowStride: targets), by: path)
    return Tensor(shape: [rows, targets], elements: y)
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] { [product(operands[0], model.coefficients, model.intercepts, by: path)] }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let shape = record.operands[0].shape
    var gradient = [S](repeating: 0, count: shape.reduce(1, *))
    S.addProduct(
      rows: shape[0], columns: shape[1], depth: model.targets, of: cotangents[0].elements,
      MatrixLayout(rowStride: model.targets), and: model.coefficients.map { S($0) },
      MatrixLayout(rowStride: shape[1]), to: &gradient, MatrixLayout(rowStride: shape[1]),
      by: path)
    return [Tensor(shape: shape, elements: gradient)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let (centre, radius) = operands[0].centred
    let sizes = model.coefficients.map { abs($0) }
    let middle = product(centre, model.coefficients, model.intercepts, by: .fastest)
    let reach = product(radius, sizes, [], by: .fastest)
    let magnitudes = product(
      sum(centre.magnitudes, radius), sizes, model.intercepts.map { abs($0) }, by: .fastest)
    let ends = zip(middle.elements, reach.elements)
    return [
      IntervalTensor(
        lower: Tensor(shape: middle.shape, elements: ends.map { $0 - $1 }),
        upper: Tensor(shape: middle.shape, elements: ends.map { $0 + $1 })
      ).widened(terms: operands[0].shape[1] + 3, magnitudes: magnitudes)
    ]
  }
}

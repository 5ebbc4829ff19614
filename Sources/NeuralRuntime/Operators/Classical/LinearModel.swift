package import EngineSupport
package import TensorCore

/// LinearClassifier and LinearRegressor: a matrix product with the coefficients, then a transform of the scores.
package struct LinearModel: RealOperator {
  package static let signatures = [
    OperatorSignature(
      "LinearClassifier", domain: "ai.onnx.ml",
      attributes: [
        "classlabels_ints", "classlabels_strings", "coefficients", "intercepts", "multi_class",
        "post_transform",
      ], results: 2),
    OperatorSignature(
      "LinearRegressor", domain: "ai.onnx.ml",
      attributes: ["coefficients", "intercepts", "post_transform", "targets"]),
  ]

  package let node: OperatorNode
  let coefficients: [Float]
  let intercepts: [Float]
  let targets: Int
  let head: ScoreHead
  private let labels: ClassLabels?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let coefficients = try node.floats("coefficients") else {
      throw node.invalidAttribute("coefficients", "present")
    }
    self.coefficients = coefficients
    intercepts = try node.floats("intercepts") ?? []
    if node.operation == "LinearClassifier" {
      let labels = try ClassLabels(node)
      self.labels = labels
      // Two classes may be told apart by one row of coefficients.
      targets = intercepts.isEmpty ? labels.count : intercepts.count
    } else {
      labels = nil
      targets = try node.int("targets") ?? 1
    }
    guard (1...65_536).contains(targets), coefficients.count % targets == 0,
      intercepts.isEmpty || intercepts.count == targets
    else { throw node.mismatch("coefficients and intercepts do not fit \(targets) targets") }
    // A logistic model's two shares add up to one; otherwise the scores mirror each other.
    head = ScoreHead(
      expansion: targets == 1 && labels?.count == 2 ? .mirrored : .none,
      transform: try PostTransform(node))
  }

  package func isReal(output: Int) -> Bool { labels == nil || output > 0 }

  package var scoresDecideLabels: Bool {
    head.keepsOrder && head.count(for: targets) == labels?.count
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    // As many coefficients as the samples have features are taken, row by row, as onnxruntime does: some
    // exporters write more.
    guard operands[0].count == 2, coefficients.count / targets >= operands[0][1] else {
      throw node.mismatch("\(operands[0]) are no rows of the model's features")
    }
    return [[operands[0][0], head.count(for: targets)]]
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    operands[0].reduce(1, *) * targets
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let rows = try FeatureRows(try node.numbers(try node.tensors(operands)[0], 0), node)
    let shapes = try outputShapes(for: [[rows.count, rows.width]])
    try budget.claim(shapes[0], for: node, work: rows.count * coefficients.count)
    let x = Tensor(shape: [rows.count, rows.width], elements: rows.elements)
    let scores = scores(x, by: budget.path)
    let outputs = RuntimeValue.tensor(outputs(of: scores))
    guard let labels else { return [outputs] }
    let chosen = (0..<rows.count).map { row in
      let own = scores.elements[row * targets..<(row + 1) * targets]
      if head.expansion == .mirrored { return own[own.startIndex] > 0 ? 1 : 0 }
      return min(ClassLabels.best(Array(own)), labels.count - 1)
    }
    return [.tensor(labels.tensor(chosen)), outputs]
  }

  /// x · factorsᵀ + addends.
  func product<S: KernelScalar>(
    _ x: Tensor<S>, _ factors: [Float], _ addends: [Float], by path: KernelPath
  ) -> Tensor<S> {
    let (rows, width) = (x.shape[0], x.shape[1])
    var y = (0..<rows * targets).map { addends.isEmpty ? 0 : S(addends[$0 % targets]) }
    S.addProduct(
      rows: rows, columns: targets, depth: width, of: x.elements, MatrixLayout(rowStride: width),
      and: factors.map { S($0) }, MatrixLayout(rowStride: width).transposed, to: &y,
      MatrixLayout(rowStride: targets), by: path)
    return Tensor(shape: [rows, targets], elements: y)
  }

  private func scores<S: KernelScalar>(_ x: Tensor<S>, by path: KernelPath) -> Tensor<S> {
    product(x, coefficients, intercepts, by: path)
  }

  private func outputs<S: KernelScalar>(of scores: Tensor<S>) -> Tensor<S> {
    let rows = scores.shape[0]
    return Tensor(
      shape: [rows, head.count(for: targets)],
      elements: (0..<rows).flatMap {
        head.outputs(of: Array(scores.elements[$0 * targets..<($0 + 1) * targets]))
      })
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] { [outputs(of: scores(operands[0], by: path))] }
}

/// The way back: through the head in `Double`, then the product with the coefficients.
extension LinearModel: DifferentiableOperator {
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0]
    let (rows, width) = (x.shape[0], x.shape[1])
    var inner = cotangents[0].elements
    if head.expansion != .none || head.transform != .none {
      let scores = scores(x, by: path).elements
      let columns = head.count(for: targets)
      inner = []
      for row in 0..<rows {
        let own = cotangents[0].elements[row * columns..<(row + 1) * columns].map(\.real)
        let at = scores[row * targets..<(row + 1) * targets].map(\.real)
        inner += head.pulledBack(own, at: at).map { S.rounding($0) }
      }
    }
    var gradient = [S](repeating: 0, count: x.count)
    S.addProduct(
      rows: rows, columns: width, depth: targets, of: inner, MatrixLayout(rowStride: targets),
      and: coefficients.map { S($0) }, MatrixLayout(rowStride: width), to: &gradient,
      MatrixLayout(rowStride: width), by: path)
    return [Tensor(shape: x.shape, elements: gradient)]
  }
}

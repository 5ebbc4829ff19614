package import EngineSupport
import TensorCore

/// LinearClassifier, and the arithmetic of LinearRegressor: a matrix product, then a transform of the scores.
package struct LinearModel: Operator {
  package static let signatures = [
    OperatorSignature(
      "LinearClassifier", domain: "ai.onnx.ml",
      attributes: [
        "classlabels_ints", "classlabels_strings", "coefficients", "intercepts", "multi_class",
        "post_transform",
      ], results: 2)
  ]

  private let node: OperatorNode
  let coefficients: [Float]
  let intercepts: [Float]
  let targets: Int
  private let labels: ClassLabels?
  let postTransform: PostTransform

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let coefficients = try node.floats("coefficients") else {
      throw node.invalidAttribute("coefficients", "present")
    }
    self.coefficients = coefficients
    postTransform = try PostTransform(node)
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
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let rows = try FeatureRows(try node.numbers(try node.tensors(operands)[0], 0), node)
    // As many coefficients as the samples have features are taken, row by row, as onnxruntime does: some
    // exporters write more.
    let width = rows.width
    guard coefficients.count >= targets * width else {
      throw node.mismatch("samples of \(width) features, not \(coefficients.count / targets)")
    }
    try budget.claim([rows.count, targets], for: node, work: rows.count * coefficients.count)
    var scores = (0..<rows.count * targets).map {
      intercepts.isEmpty ? 0 : intercepts[$0 % targets]
    }
    Float.addProduct(
      rows: rows.count, columns: targets, depth: width, of: rows.elements,
      MatrixLayout(rowStride: width), and: coefficients,
      MatrixLayout(rowStride: width).transposed, to: &scores, MatrixLayout(rowStride: targets),
      by: .fastest)
    guard let labels else {
      let elements = (0..<rows.count).flatMap {
        postTransform.applied(to: Array(scores[$0 * targets..<($0 + 1) * targets]))
      }
      return [.tensor(Tensor(shape: [rows.count, targets], elements: elements))]
    }
    var chosen: [Int] = []
    var elements: [Float] = []
    for row in 0..<rows.count {
      let own = Array(scores[row * targets..<(row + 1) * targets])
      if targets == 1, labels.count == 2 {
        let score = own[0]
        // A logistic model's two shares add up to one; otherwise the scores mirror each other.
        chosen.append(score > 0 ? 1 : 0)
        elements += postTransform.applied(to: [-score, score])
      } else {
        chosen.append(min(ClassLabels.best(own), labels.count - 1))
        elements += postTransform.applied(to: own)
      }
    }
    let columns = rows.count == 0 ? targets : elements.count / rows.count
    return [
      .tensor(labels.tensor(chosen)),
      .tensor(Tensor(shape: [rows.count, columns], elements: elements)),
    ]
  }
}

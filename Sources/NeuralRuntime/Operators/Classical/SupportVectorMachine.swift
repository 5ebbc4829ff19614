package import EngineSupport
package import TensorCore

/// SVMClassifier and SVMRegressor: sums of kernels against support vectors; classifiers vote pair by pair
/// and may turn scores into probabilities.
///
/// Sources: ONNX operator specification; Chang, Lin, "LIBSVM", ACM TIST 2 (2011).
package struct SupportVectorMachine: RealOperator {
  package static let signatures = [
    OperatorSignature(
      "SVMClassifier", domain: "ai.onnx.ml",
      attributes: [
        "classlabels_ints", "classlabels_strings", "coefficients", "kernel_params", "kernel_type",
        "post_transform", "prob_a", "prob_b", "rho", "support_vectors", "vectors_per_class",
      ], results: 2),
    OperatorSignature(
      "SVMRegressor", domain: "ai.onnx.ml",
      attributes: [
        "coefficients", "kernel_params", "kernel_type", "n_supports", "one_class",
        "post_transform", "rho", "support_vectors",
      ]),
  ]

  package let node: OperatorNode
  let kernels: KernelScores
  let head: ScoreHead
  /// Before the head, where a classifier gives probabilities.
  let coupling: PairwiseCoupling?
  let labels: ClassLabels?
  /// Whether labels are those of the votes of pairs of classes.
  private let votes: Bool
  /// Whether a regressor says only on which side a sample lies.
  let isOneClass: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    let layout = try SupportLayout(node)
    labels = layout.labels
    votes = layout.labels != nil && layout.supports > 0
    isOneClass = layout.labels == nil ? try node.flag("one_class") : false
    kernels = try layout.kernels(node)
    coupling = try layout.coupling(node)
    // The one score of two classes is written as both engines, onnx.reference and onnxruntime, do.
    let isMirrored = votes && layout.labels?.count == 2 && coupling == nil
    head = ScoreHead(
      expansion: isMirrored ? .mirrored : .none, transform: try PostTransform(node))
  }

  package func isReal(output: Int) -> Bool { labels == nil || output > 0 }

  /// Votes decide, whatever the scores of the pairs or the probabilities are.
  package var scoresDecideLabels: Bool { !votes && head.keepsOrder }

  private var columns: Int { head.count(for: coupling?.classes ?? kernels.terms.count) }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard operands[0].count == 2, operands[0][1] == kernels.width else {
      throw node.mismatch("\(operands[0]) are no samples of \(kernels.width) features")
    }
    return [[operands[0][0], columns]]
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    operands[0][0] * (kernels.vectors.count + kernels.termCount)
  }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    operands[0][0]
      * (kernels.vectors.count + kernels.termCount + 64 * kernels.vectorCount
        + (coupling?.work ?? columns))
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let rows = try FeatureRows(try node.numbers(try node.tensors(operands)[0], 0), node)
    let shapes = try outputShapes(for: [[rows.count, rows.width]])
    try budget.claim(
      shapes[0], for: node, work: work(for: [[rows.count, rows.width]], outputs: shapes))
    var chosen: [Int] = []
    var elements: [Float] = []
    for row in 0..<rows.count {
      let scores = kernels.scores(rows.elements, at: row * rows.width)
      elements += outputs(of: scores)
      if let labels { chosen.append(label(scores, labels)) }
    }
    let scores = RuntimeValue.tensor(Tensor(shape: shapes[0], elements: elements))
    guard let labels else { return [scores] }
    return [.tensor(labels.tensor(chosen)), scores]
  }

  /// A class for a sample's scores: that of the votes, even where the probabilities would have it otherwise (as in
  /// LIBSVM).
  private func label(_ scores: [Float], _ labels: ClassLabels) -> Int {
    guard votes else { return min(ClassLabels.best(scores), labels.count - 1) }
    var votes = [Float](repeating: 0, count: labels.count)
    var pair = 0
    for i in votes.indices {
      for j in i + 1..<votes.count {
        votes[scores[pair] > 0 ? i : j] += 1
        pair += 1
      }
    }
    return ClassLabels.best(votes)
  }

  private func outputs<S: KernelScalar>(of scores: [S]) -> [S] {
    if let coupling { return head.outputs(of: coupling.probabilities(of: scores)) }
    return head.outputs(of: isOneClass ? scores.map { $0 > 0 ? 1 : -1 } : scores)
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let x = operands[0]
    let elements = (0..<x.shape[0]).flatMap {
      outputs(of: kernels.scores(x.elements, at: $0 * kernels.width))
    }
    return [Tensor(shape: [x.shape[0], columns], elements: elements)]
  }
}

/// The way back, in `Double` and rounded once.
extension SupportVectorMachine: DifferentiableOperator {
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0]
    let values = x.elements.map(\.real)
    let g = cotangents[0].elements
    var gradient: [S] = []
    gradient.reserveCapacity(x.count)
    for row in 0..<x.shape[0] {
      let scores = kernels.scores(values, at: row * kernels.width)
      let own = g[row * columns..<(row + 1) * columns].map(\.real)
      let inner: [Double]
      if isOneClass {
        inner = scores.map { _ in 0 }
      } else if let coupling {
        let probabilities = coupling.probabilities(of: scores)
        inner = coupling.pulledBack(head.pulledBack(own, at: probabilities), at: scores)
      } else {
        inner = head.pulledBack(own, at: scores)
      }
      gradient += kernels.pulledBack(inner, values, at: row * kernels.width).map { S.rounding($0) }
    }
    return [Tensor(shape: x.shape, elements: gradient)]
  }
}

package import EngineSupport
package import TensorCore

/// TreeEnsembleClassifier, TreeEnsembleRegressor and TreeEnsemble: sums of the leaves that samples reach.
///
/// Sums run over the trees in the order of their ids, in `Float` as the model's weights are.
package struct TreeEnsemble: RealOperator {
  private static let nodes: Set<String> = [
    "base_values", "base_values_as_tensor", "nodes_falsenodeids", "nodes_featureids",
    "nodes_hitrates", "nodes_hitrates_as_tensor", "nodes_missing_value_tracks_true", "nodes_modes",
    "nodes_nodeids", "nodes_treeids", "nodes_truenodeids", "nodes_values", "nodes_values_as_tensor",
    "post_transform",
  ]

  package static let signatures = [
    OperatorSignature(
      "TreeEnsemble", domain: "ai.onnx.ml", opsets: 5...5,
      attributes: [
        "aggregate_function", "leaf_targetids", "leaf_weights", "membership_values", "n_targets",
        "nodes_falseleafs", "nodes_falsenodeids", "nodes_featureids", "nodes_hitrates",
        "nodes_missing_value_tracks_true", "nodes_modes", "nodes_splits", "nodes_trueleafs",
        "nodes_truenodeids", "post_transform", "tree_roots",
      ]),
    OperatorSignature(
      "TreeEnsembleClassifier", domain: "ai.onnx.ml",
      attributes: nodes.union([
        "class_ids", "class_nodeids", "class_treeids", "class_weights", "class_weights_as_tensor",
        "classlabels_int64s", "classlabels_strings",
      ]), results: 2),
    OperatorSignature(
      "TreeEnsembleRegressor", domain: "ai.onnx.ml",
      attributes: nodes.union([
        "aggregate_function", "n_targets", "target_ids", "target_nodeids", "target_treeids",
        "target_weights", "target_weights_as_tensor",
      ])),
  ]

  package let node: OperatorNode
  let forest: DecisionForest
  private let labels: ClassLabels?
  let head: ScoreHead
  /// The class whose sum speaks for both of two.
  private let onlyClass: Int?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    forest =
      node.operation == "TreeEnsemble"
      ? try DecisionForest(modern: node) : try DecisionForest(classical: node)
    labels = node.operation == "TreeEnsembleClassifier" ? try ClassLabels(node) : nil
    let transform = try PostTransform(node)
    let isBinary = labels?.count == 2 && forest.scoresOneClass
    onlyClass = isBinary ? forest.onlyClass : nil
    let isShare = forest.weightsAreShares && transform != .logistic
    head = ScoreHead(
      expansion: isBinary ? isShare ? .complemented : .mirrored : .none, transform: transform)
  }

  package func isReal(output: Int) -> Bool { labels == nil || output > 0 }

  /// Where shares are logistic in the end, the label is still that of more than one half before.
  package var scoresDecideLabels: Bool {
    head.keepsOrder && head.count(for: scoreCount) == labels?.count
      && !(head.expansion == .mirrored && forest.weightsAreShares)
  }

  /// Sums for one sample, before a class that speaks for two is written as both.
  private var scoreCount: Int {
    onlyClass == nil ? max(forest.targetCount, labels?.count ?? 1) : 1
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard operands[0].count == 2, forest.featureCount <= operands[0][1] else {
      throw node.mismatch("\(operands[0]) are no samples with feature \(forest.featureCount - 1)")
    }
    return [[operands[0][0], head.count(for: scoreCount)]]
  }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    operands[0][0] * (forest.stepsOfASample + scoreCount)
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.numbers(try node.tensors(operands)[0], 0)
    let rows = try FeatureRows(tensor, node)
    let shapes = try outputShapes(for: [[rows.count, rows.width]])
    try budget.claim(
      shapes[0], for: node, work: work(for: [[rows.count, rows.width]], outputs: shapes))
    var chosen: [Int] = []
    var elements: [Float] = []
    for row in 0..<rows.count {
      let sums = forest.sums(rows.elements, at: row * rows.width)
      elements += head.outputs(of: scores(of: sums))
      if let labels { chosen.append(label(sums, labels)) }
    }
    guard let labels else {
      let outputs = Tensor(shape: shapes[0], elements: elements)
      return [.tensor(tensor is Tensor<Double> ? outputs.converted(to: Double.self) : outputs)]
    }
    return [
      .tensor(labels.tensor(chosen)), .tensor(Tensor(shape: shapes[0], elements: elements)),
    ]
  }

  /// A forest that scores one class of two decides by the sign, or by one half where its weights are shares.
  private func label(_ sums: [Float], _ labels: ClassLabels) -> Int {
    if let onlyClass { return sums[onlyClass] > (forest.weightsAreShares ? 0.5 : 0) ? 1 : 0 }
    return ClassLabels.best(Array(scores(of: sums).prefix(labels.count)))
  }

  /// A class that no leaf speaks for has the sum 0.
  private func scores(of sums: [Float]) -> [Float] {
    if let onlyClass { return [sums[onlyClass]] }
    return sums + Array(repeating: 0, count: scoreCount - sums.count)
  }

  /// Features are compared and sums are added in `Float` whatever the type is.
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let x = operands[0].converted(to: Float.self).elements
    let (rows, width) = (operands[0].shape[0], operands[0].shape[1])
    let elements = (0..<rows).flatMap {
      head.outputs(of: scores(of: forest.sums(x, at: $0 * width))).map { S($0) }
    }
    return [Tensor(shape: [rows, head.count(for: scoreCount)], elements: elements)]
  }
}

/// Ranges from the leaves that can be reached. Sums of leaves are steps: they have no gradient.
extension TreeEnsemble: IntervalOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let (rows, width) = (operands[0].shape[0], operands[0].shape[1])
    let ranges = (0..<rows).flatMap { row in
      let sums = forest.sumRanges(over: operands[0], at: row * width)
      if let onlyClass { return head.ranges(of: [sums[onlyClass]]) }
      return head.ranges(of: sums + Array(repeating: (0, 0), count: scoreCount - sums.count))
    }
    return [IntervalTensor(shape: [rows, head.count(for: scoreCount)], ranges)]
  }
}

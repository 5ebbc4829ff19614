package import EngineSupport
import TensorCore

/// TreeEnsembleClassifier, TreeEnsembleRegressor and TreeEnsemble: sums of the leaves that samples reach.
///
/// Sums run over the trees in the order of their ids, in `Float` as the model's weights are.
package struct TreeEnsemble: Operator {
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

  private let node: OperatorNode
  let forest: DecisionForest
  private let labels: ClassLabels?
  private let postTransform: PostTransform
  private let aggregate: String

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    forest =
      node.operation == "TreeEnsemble"
      ? try DecisionForest(modern: node) : try DecisionForest(classical: node)
    labels = node.operation == "TreeEnsembleClassifier" ? try ClassLabels(node) : nil
    postTransform = try PostTransform(node)
    aggregate = forest.aggregate
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.numbers(try node.tensors(operands)[0], 0)
    let rows = try FeatureRows(tensor, node)
    guard forest.featureCount <= rows.width else {
      throw node.mismatch("feature \(forest.featureCount - 1) of samples with \(rows.width)")
    }
    let outputs = max(forest.targetCount, labels?.count ?? 1)
    try budget.claim([rows.count, outputs], for: node, work: rows.count * forest.roots.count * 64)
    var scores = [[Float]]()
    for row in 0..<rows.count { scores.append(forest.sums(rows.elements, at: row * rows.width)) }
    if let labels { return labels.classified(scores, forest: forest, postTransform) }
    let elements = scores.flatMap { postTransform.applied(to: $0) }
    let shape = [rows.count, forest.targetCount]
    if tensor is Tensor<Double> {
      return [.tensor(Tensor(shape: shape, elements: elements.map { Double($0) }))]
    }
    return [.tensor(Tensor(shape: shape, elements: elements))]
  }
}

public import EngineSupport
public import ONNXFormat

/// A model that is one ensemble of decision trees, opened for exact verification.
///
/// Operators behind the ensemble (ZipMap, Cast, Identity) do not change the label; before it only what passes
/// the features on unchanged is allowed, so that a distance between features is a distance between inputs.
public struct TreeModel: Sendable {
  package let forest: DecisionForest
  /// Classes of a classifier; nil for a regressor.
  private let labelCount: Int?
  /// Features of one sample.
  public let featureCount: Int
  /// How sums become a class; known from the start, because finding it out looks at every leaf.
  package let decision: Decision

  /// Errors: `model.trees.none` where the model has no tree ensemble or more than one,
  /// `model.trees.preprocessing` where an operator stands between the input and the trees,
  /// `model.trees.aggregate` for trees that are not added up, and those of the operator itself.
  public init(opening model: ONNXModel) throws(Diagnostic) {
    let names: Set = ["TreeEnsemble", "TreeEnsembleClassifier", "TreeEnsembleRegressor"]
    let ensembles = model.graph.nodes.filter {
      $0.domain == "ai.onnx.ml" && names.contains($0.operation)
    }
    guard let node = ensembles.first, ensembles.count == 1, let input = node.inputs.first else {
      throw Diagnostic(
        "model.trees.none", "needs exactly one ensemble of trees, not \(ensembles.count)",
        at: model.graph.nodes.first?.location)
    }
    try Self.checkSource(of: input, in: model)
    let reader = OperatorNode(node, opset: node.opset ?? model.opsets[node.domain] ?? 0)
    let operation = try TreeEnsemble(reader)
    guard ["SUM", "AVERAGE"].contains(operation.forest.aggregate) else {
      throw Diagnostic(
        "model.trees.aggregate",
        "the trees are combined by \(operation.forest.aggregate), not added up", at: node.location)
    }
    let isClassifier = node.operation == "TreeEnsembleClassifier"
    let declared = model.graph.inputs.first?.shape?.last.flatMap { dimension in
      if case .fixed(let width) = dimension { width } else { nil }
    }
    self.init(
      operation.forest, classes: isClassifier ? try ClassLabels(reader).count : nil,
      features: declared ?? 0)
  }

  /// - Parameters:
  ///   - classes: nil for a regressor.
  ///   - features: Taken where it is more than the trees compare.
  package init(_ forest: DecisionForest, classes: Int?, features: Int = 0) {
    self.forest = forest
    labelCount = classes
    featureCount = max(forest.featureCount, features)
    decision =
      classes == 2 && forest.scoresOneClass
      ? .overThreshold(target: forest.onlyClass, threshold: forest.weightsAreShares ? 0.5 : 0)
      : .greatest
  }

  private static func checkSource(of name: String, in model: ONNXModel) throws(Diagnostic) {
    var name = name
    while let node = model.graph.nodes.first(where: { $0.outputs.contains(name) }) {
      // A Cast of what is `Float` already changes nothing; any other would change distances.
      let isFloat = model.graph.inputs.allSatisfy { $0.elementType == 1 }
      guard let source = node.inputs.first,
        node.operation == "Identity" || node.operation == "Cast" && isFloat
      else {
        throw Diagnostic(
          "model.trees.preprocessing",
          "\(node.operation) stands between the input and the trees", at: node.location)
      }
      name = source
    }
  }

  /// Classes of a classifier; 0 for a regressor.
  public var classCount: Int { labelCount ?? 0 }

  /// How the sums of the trees become a class.
  package enum Decision: Sendable, Hashable {
    /// Class 1 where this sum is over the number, class 0 otherwise.
    case overThreshold(target: Int, threshold: Float)
    /// The first of the greatest sums.
    case greatest
  }

  /// The class of one sample by position among the labels; for a regressor always 0.
  public func classIndex(of features: [Float]) -> Int {
    precondition(features.count == featureCount, "a sample has the model's features")
    return classIndex(ofSums: forest.sums(features, at: 0))
  }

  package func classIndex(ofSums sums: [Float]) -> Int {
    guard let labelCount else { return 0 }
    switch decision {
    case .overThreshold(let target, let threshold): return sums[target] > threshold ? 1 : 0
    case .greatest:
      // A class that no leaf speaks for has the sum 0.
      let missing = max(labelCount - sums.count, 0)
      return ClassLabels.best(
        Array((sums + Array(repeating: 0, count: missing)).prefix(labelCount)))
    }
  }

  /// The sums of the trees by target, in the model's own arithmetic.
  public func sums(of features: [Float]) -> [Float] {
    precondition(features.count == featureCount, "a sample has the model's features")
    return forest.sums(features, at: 0)
  }
}

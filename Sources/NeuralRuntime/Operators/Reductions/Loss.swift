package import EngineSupport
import TensorCore

/// NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss: what a classifier was trained on.
///
/// Sums run in the order of the labels, in `Double`.
package struct Loss: Operator {
  package static let signatures = [
    OperatorSignature(
      "NegativeLogLikelihoodLoss", opsets: 12...OperatorSignature.newestOpset, operands: 2...3,
      attributes: ["ignore_index", "reduction"]),
    OperatorSignature(
      "SoftmaxCrossEntropyLoss", opsets: 12...OperatorSignature.newestOpset, operands: 2...3,
      attributes: ["ignore_index", "reduction"], results: 2),
  ]

  private let node: OperatorNode
  private let ignored: Int?
  private let reduction: String

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    ignored = try node.int("ignore_index")
    reduction = try node.string("reduction") ?? "mean"
    guard ["none", "mean", "sum"].contains(reduction) else {
      throw node.invalidAttribute("reduction", "none, mean or sum")
    }
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let input = try node.tensor(operands[0], 0)
    let labels = try node.integers(try node.tensor(operands[1], 1), 1)
    guard let scores = input as? any RealTensor, input.rank >= 2,
      labels.count * input.shape[1] == input.count
    else { throw node.mismatch("scores of \(input.shape) for \(labels.count) labels") }
    let weights = try node.optional(operands, 2) as? any RealTensor
    guard weights?.shape ?? [input.shape[1]] == [input.shape[1]] else {
      throw node.mismatch("one weight for each class is needed")
    }
    try budget.claim(input.shape, for: node, work: input.count)
    return try loss(scores, labels, weights?.reals)
  }

  private func loss<T: RealTensor>(
    _ scores: T, _ labels: [Int], _ weights: [Double]?
  ) throws(Diagnostic) -> [RuntimeValue] {
    let shape = scores.shape
    let (_, classes, inner) = IndexWalk.split(shape, at: 1)
    var logarithms = scores.reals
    if node.operation == "SoftmaxCrossEntropyLoss" {
      for place in labels.indices {
        let start = place / inner * classes * inner + place % inner
        var greatest = -Double.infinity
        for i in 0..<classes { greatest = max(greatest, logarithms[start + i * inner]) }
        var sum = 0.0
        for i in 0..<classes { sum += PortableMath.exp(logarithms[start + i * inner] - greatest) }
        let normal = greatest + PortableMath.log(sum)
        for i in 0..<classes { logarithms[start + i * inner] -= normal }
      }
    }
    var losses = [Double](repeating: 0, count: labels.count)
    var total = 0.0
    for (place, label) in labels.enumerated() where label != ignored {
      guard (0..<classes).contains(label) else {
        throw node.mismatch("label \(label) of \(classes) classes")
      }
      let weight = weights?[label] ?? 1
      let start = place / inner * classes * inner + place % inner
      losses[place] = -weight * logarithms[start + label * inner]
      total += weight
    }
    let sum = losses.reduce(0, +)
    let result: RuntimeValue =
      switch reduction {
      case "none":
        .tensor(
          T(shape: [shape[0]] + shape[2...], elements: losses.map { T.Element(real: $0) }))
      case "sum": .tensor(T(shape: [], elements: [T.Element(real: sum)]))
      default: .tensor(T(shape: [], elements: [T.Element(real: sum / total)]))
      }
    return [result, .tensor(T(shape: shape, elements: logarithms.map { T.Element(real: $0) }))]
  }
}

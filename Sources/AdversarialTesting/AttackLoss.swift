import TensorCore

/// The objective an attack climbs, given as the cotangent of the logits.
public enum AttackLoss: String, Sendable, Hashable, CaseIterable {
  /// Cross-entropy. Its cotangent is divided by one minus the label's probability: for a sign step only
  /// the direction counts, and the plain one vanishes in single precision for a confident model.
  case crossEntropy
  /// The best other logit less the label's (Carlini and Wagner 2017).
  case margin

  /// `[n, classes]`, the direction in which each row's loss grows.
  func cotangent(of scores: Tensor<Float>, labels: [Int]) -> Tensor<Float> {
    let classes = scores.shape[1]
    var cotangent = [Float](repeating: 0, count: scores.count)
    let rows = ScoreRows(scores, classes: classes)
    for (row, label) in labels.enumerated() {
      let start = row * classes
      let top = rows.runnerUp(row, besides: label)
      cotangent[start + label] = -1
      switch self {
      case .margin: cotangent[start + top] = 1
      case .crossEntropy:
        let highest = Double(scores.elements[start + top])
        var weights = [Double](repeating: 0, count: classes)
        var total = 0.0
        for index in 0..<classes where index != label {
          weights[index] = PortableMath.exp(Double(scores.elements[start + index]) - highest)
          total += weights[index]
        }
        for index in 0..<classes where index != label {
          cotangent[start + index] = Float(weights[index] / total)
        }
      }
    }
    return Tensor(shape: scores.shape, elements: cotangent)
  }
}

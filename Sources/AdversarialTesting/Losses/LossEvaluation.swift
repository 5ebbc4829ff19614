import TensorCore

/// A loss over the rows of one query: `rows[place]` is the batch's row at a place, `targets` the
/// alternative each place aims at where the loss is targeted.
struct LossEvaluation: Sendable {
  let loss: AttackLoss
  let objective: Objective
  let rows: [Int]
  let targets: [Int]

  init(_ loss: AttackLoss, _ objective: Objective, rows: [Int], targets: [Int] = []) {
    precondition(!loss.isTargeted || targets.count == rows.count, "a targeted loss needs targets")
    self.loss = loss
    self.objective = objective
    self.rows = rows
    self.targets = targets
  }

  /// `[n, outputs]`, the direction in which each row's loss grows.
  func cotangent(of scores: Tensor<Float>) -> Tensor<Float> {
    var cotangent = [Float](repeating: 0, count: scores.count)
    let elements = scores.elements
    for (place, row) in rows.enumerated() {
      switch effective {
      case .margin:
        objective.addDirection(
          towards: objective.nearest(elements, at: place, row: row), elements, at: place, row: row,
          weight: 1, to: &cotangent)
      case .targetedMargin:
        objective.addDirection(
          towards: targets[place], elements, at: place, row: row, weight: 1, to: &cotangent)
      case .crossEntropy: addCrossEntropy(elements, place, row, to: &cotangent)
      case .logitRatio, .targetedLogitRatio: addRatio(elements, place, row, to: &cotangent)
      }
    }
    return Tensor(shape: scores.shape, elements: cotangent)
  }

  /// The loss of each row; larger is nearer to the goal.
  func values(of scores: Tensor<Float>) -> [Float] {
    let elements = scores.elements
    return rows.enumerated().map { place, row in
      switch effective {
      case .margin: return -objective.margin(elements, at: place, row: row)
      case .targetedMargin: return -objective.gap(of: targets[place], elements, at: place, row: row)
      case .crossEntropy: return Float(crossEntropy(elements, place, row))
      case .logitRatio, .targetedLogitRatio:
        let ratio = ratio(elements, place, row)
        return Float(-ratio.difference / ratio.spread)
      }
    }
  }

  /// The loss that is climbed where the chosen one is undefined.
  private var effective: AttackLoss {
    switch loss {
    case .crossEntropy: objective.isClassification ? .crossEntropy : .margin
    case .logitRatio:
      objective.goal == .misclassification && objective.outputs >= 3 ? .logitRatio : .margin
    case .targetedLogitRatio:
      objective.goal == .misclassification && objective.outputs >= 4
        ? .targetedLogitRatio : .targetedMargin
    case .margin, .targetedMargin: loss
    }
  }
}

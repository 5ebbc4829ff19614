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

  /// The same loss over some of the places.
  subscript(places: Range<Int>) -> LossEvaluation {
    if places.count == rows.count { return self }
    return LossEvaluation(
      loss, objective, rows: Array(rows[places]),
      targets: targets.isEmpty ? [] : Array(targets[places]))
  }

  /// `[n, outputs]`, the direction in which each row's loss grows.
  func cotangent(of scores: Tensor<Float>) -> Tensor<Float> {
    var cotangent = [Float](repeating: 0, count: scores.count)
    let elements = scores.elements
    switch effective {
    case .crossEntropy:
      if case .stream(let goal) = objective.goal {
        for (place, row) in rows.enumerated() {
          objective.addSpread(of: goal, elements, at: place, row: row, to: &cotangent)
        }
      } else {
        addCrossEntropies(elements, to: &cotangent)
      }
    case .logitRatio, .targetedLogitRatio:
      for (place, row) in rows.enumerated() { addRatio(elements, place, row, to: &cotangent) }
    case .margin:
      for (place, row) in rows.enumerated() {
        objective.addDirection(
          towards: objective.nearest(elements, at: place, row: row), elements, at: place, row: row,
          weight: 1, to: &cotangent)
      }
    case .targetedMargin:
      for (place, row) in rows.enumerated() {
        objective.addDirection(
          towards: targets[place], elements, at: place, row: row, weight: 1, to: &cotangent)
      }
    }
    return Tensor(shape: scores.shape, elements: cotangent)
  }

  /// The loss of each row; larger is nearer to the goal.
  func values(of scores: Tensor<Float>) -> [Float] {
    let elements = scores.elements
    switch effective {
    case .crossEntropy:
      guard case .stream(let goal) = objective.goal else { return crossEntropies(elements) }
      return rows.enumerated().map {
        objective.spreadLoss(of: goal, elements, at: $0, row: $1)
      }
    case .margin:
      return rows.enumerated().map { -objective.margin(elements, at: $0, row: $1) }
    case .targetedMargin:
      return rows.enumerated().map { -objective.gap(of: targets[$0], elements, at: $0, row: $1) }
    case .logitRatio, .targetedLogitRatio:
      return rows.enumerated().map { place, row in
        let ratio = ratio(elements, place, row)
        return Float(-ratio.difference / ratio.spread)
      }
    }
  }

  /// The loss that is climbed where the chosen one is undefined.
  private var effective: AttackLoss {
    switch loss {
    case .crossEntropy:
      objective.isClassification || objective.isStream ? .crossEntropy : .margin
    case .logitRatio:
      objective.goal == .misclassification && objective.outputs >= 3 ? .logitRatio : .margin
    case .targetedLogitRatio:
      objective.goal == .misclassification && objective.outputs >= 4
        ? .targetedLogitRatio : .targetedMargin
    case .margin, .targetedMargin: loss
    }
  }
}

import TensorCore

/// The losses that are defined on classes: cross-entropy and the ratios of logit differences.
extension LossEvaluation {
  /// exp(z - highest other) of every logit but the labels', `[n, outputs]`; nought for the labels. Powers
  /// below what single precision holds are nought.
  private func relativeOdds(_ scores: [Float]) -> [Double] {
    let classes = objective.outputs
    var exponents = [Double](repeating: -.infinity, count: scores.count)
    for (place, row) in rows.enumerated() {
      let (start, label) = (place * classes, objective.labels[row])
      let highest = Double(scores[start + objective.highest(scores, at: place, besides: label)])
      for index in 0..<classes where index != label {
        let exponent = Double(scores[start + index]) - highest
        if exponent >= -100 { exponents[start + index] = exponent }
      }
    }
    var odds = exponents
    unsafe exponents.withUnsafeBufferPointer { source in
      unsafe odds.withUnsafeMutableBufferPointer { target in
        unsafe Kernels<Double>(.fastest).apply(.exp, count: source.count, source, to: target)
      }
    }
    return odds
  }

  /// -log p(label) of each row, or log p(label) when the label is the class to be reached.
  func crossEntropies(_ scores: [Float]) -> [Float] {
    let classes = objective.outputs
    let odds = relativeOdds(scores)
    return rows.enumerated().map { place, row in
      let (start, label) = (place * classes, objective.labels[row])
      let highest = Double(scores[start + objective.highest(scores, at: place, besides: label)])
      var others = 0.0
      for index in 0..<classes where index != label { others += odds[start + index] }
      // log(1 + Σ exp(z_i - z_y)): exact also where the label's probability rounds to one.
      let entropy = PortableMath.softplus(
        PortableMath.log(others) + highest - Double(scores[start + label]))
      return Float(objective.goal == .classification ? -entropy : entropy)
    }
  }

  func addCrossEntropies(_ scores: [Float], to cotangent: inout [Float]) {
    let classes = objective.outputs
    let odds = relativeOdds(scores)
    let sign: Float = objective.goal == .classification ? -1 : 1
    for (place, row) in rows.enumerated() {
      let (start, label) = (place * classes, objective.labels[row])
      var total = 0.0
      for index in 0..<classes where index != label { total += odds[start + index] }
      for index in 0..<classes where index != label {
        cotangent[start + index] = sign * Float(odds[start + index] / total)
      }
      cotangent[start + label] = -sign
    }
  }

  struct Ratio {
    var difference: Double
    var spread: Double
    /// The four classes with the highest scores (three where there are no more), the highest first.
    var order: SIMD4<Int>
    var target: Int
  }

  func ratio(_ scores: [Float], _ place: Int, _ row: Int) -> Ratio {
    let start = place * objective.outputs
    let label = objective.labels[row]
    let order = highest(scores, from: start)
    func score(_ index: Int) -> Double { Double(scores[start + index]) }
    let isTargeted = loss == .targetedLogitRatio
    let target = isTargeted ? targets[place] : (order[0] == label ? order[1] : order[0])
    let floor = isTargeted ? 0.5 * (score(order[2]) + score(order[3])) : score(order[2])
    return Ratio(
      difference: score(label) - score(target), spread: score(order[0]) - floor + 1e-12,
      order: order, target: target)
  }

  /// Ties go to the lower class.
  private func highest(_ scores: [Float], from start: Int) -> SIMD4<Int> {
    var order = SIMD4<Int>.zero
    for index in 0..<objective.outputs {
      var place = min(index, 4)
      while place > 0, scores[start + index] > scores[start + order[place - 1]] {
        if place < 4 { order[place] = order[place - 1] }
        place -= 1
      }
      if place < 4 { order[place] = index }
    }
    return order
  }

  func addRatio(
    _ scores: [Float], _ place: Int, _ row: Int, to cotangent: inout [Float]
  ) {
    let start = place * objective.outputs
    let ratio = ratio(scores, place, row)
    cotangent[start + objective.labels[row]] -= 1
    cotangent[start + ratio.target] += 1
    let share = Float(max(-1e6, min(1e6, ratio.difference / ratio.spread)))
    cotangent[start + ratio.order[0]] += share
    if loss == .targetedLogitRatio {
      cotangent[start + ratio.order[2]] -= share / 2
      cotangent[start + ratio.order[3]] -= share / 2
    } else {
      cotangent[start + ratio.order[2]] -= share
    }
  }
}

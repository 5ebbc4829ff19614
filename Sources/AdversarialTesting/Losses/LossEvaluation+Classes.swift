import TensorCore

/// The losses that are defined on classes: cross-entropy and the ratios of logit differences.
extension LossEvaluation {
  /// -log p(label), or log p(label) when the label is the class to be reached.
  func crossEntropy(_ scores: [Float], _ place: Int, _ row: Int) -> Double {
    let (start, classes) = (place * objective.outputs, objective.outputs)
    let label = objective.labels[row]
    let top = objective.highest(scores, at: place, besides: label)
    let highest = Double(scores[start + top])
    var others = 0.0
    for index in 0..<classes where index != label {
      others += Self.exp(Double(scores[start + index]) - highest)
    }
    // log(1 + Σ exp(z_i - z_y)): exact also where the label's probability rounds to one.
    let entropy = PortableMath.softplus(
      PortableMath.log(others) + highest - Double(scores[start + label]))
    return objective.goal == .classification ? -entropy : entropy
  }

  func addCrossEntropy(
    _ scores: [Float], _ place: Int, _ row: Int, to cotangent: inout [Float]
  ) {
    let (start, classes) = (place * objective.outputs, objective.outputs)
    let label = objective.labels[row]
    let top = objective.highest(scores, at: place, besides: label)
    let sign: Float = objective.goal == .classification ? -1 : 1
    let highest = Double(scores[start + top])
    var total = 0.0
    for index in 0..<classes where index != label {
      total += Self.exp(Double(scores[start + index]) - highest)
    }
    for index in 0..<classes where index != label {
      let weight = Self.exp(Double(scores[start + index]) - highest)
      cotangent[start + index] = sign * Float(weight / total)
    }
    cotangent[start + label] = -sign
  }

  /// Below -100 a weight is less than single precision holds.
  private static func exp(_ exponent: Double) -> Double {
    exponent < -100 ? 0 : PortableMath.exp(exponent)
  }

  struct Ratio {
    var difference: Double
    var spread: Double
    var order: [Int]
    var target: Int
  }

  func ratio(_ scores: [Float], _ place: Int, _ row: Int) -> Ratio {
    let (start, classes) = (place * objective.outputs, objective.outputs)
    let label = objective.labels[row]
    let order = (0..<classes).sorted {
      let (a, b) = (scores[start + $0], scores[start + $1])
      return a > b || a == b && $0 < $1
    }
    func score(_ index: Int) -> Double { Double(scores[start + index]) }
    let isTargeted = loss == .targetedLogitRatio
    let target = isTargeted ? targets[place] : (order[0] == label ? order[1] : order[0])
    let floor = isTargeted ? 0.5 * (score(order[2]) + score(order[3])) : score(order[2])
    return Ratio(
      difference: score(label) - score(target), spread: score(order[0]) - floor + 1e-12,
      order: order, target: target)
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

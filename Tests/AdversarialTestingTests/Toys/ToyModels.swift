import AdversarialTesting
import TensorCore

/// Logits W x + b, one sample at a time in a fixed order: every minimal distance is known in closed form.
struct LinearModel: TargetModel {
  var inputShape: [Int]
  /// One row of weights a class.
  var weights: [[Float]]
  var bias: [Float]

  var classCount: Int { bias.count }

  func scores(of batch: Tensor<Float>) -> Tensor<Float> {
    let width = weights[0].count
    var output: [Float] = []
    for row in 0..<batch.shape[0] {
      for (index, weight) in weights.enumerated() {
        var sum = bias[index]
        for column in 0..<width { sum += weight[column] * batch.elements[row * width + column] }
        output.append(sum)
      }
    }
    return Tensor(shape: [batch.shape[0], classCount], elements: output)
  }

  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let scores = scores(of: batch)
    let pulled = cotangent(scores)
    let width = weights[0].count
    var gradient = [Float](repeating: 0, count: batch.count)
    for row in 0..<batch.shape[0] {
      for (index, weight) in weights.enumerated() {
        let share = pulled.elements[row * classCount + index]
        for column in 0..<width { gradient[row * width + column] += share * weight[column] }
      }
    }
    return (scores, Tensor(shape: batch.shape, elements: gradient))
  }

  func scoresInDouble(of batch: Tensor<Double>) -> Tensor<Double> {
    let width = weights[0].count
    var output: [Double] = []
    for row in 0..<batch.shape[0] {
      for (index, weight) in weights.enumerated() {
        var sum = Double(bias[index])
        for column in 0..<width {
          sum += Double(weight[column]) * batch.elements[row * width + column]
        }
        output.append(sum)
      }
    }
    return Tensor(shape: [batch.shape[0], classCount], elements: output)
  }

  /// The smallest change in a norm that makes the margin zero, with no range or grid in the way: the
  /// margin over the dual norm of the difference of weights. For L0 the number of elements that need to
  /// move when each can move by `reach`.
  func minimalDistance(
    of sample: [Float], label: Int, norm: PerturbationNorm = .linf, reach: Double = .infinity
  ) -> Double {
    let scores = scoresInDouble(
      of: Tensor(shape: [1, sample.count], elements: sample.map(Double.init)))
    return (0..<classCount).filter { $0 != label }.map { other in
      let difference = zip(weights[label], weights[other]).map { abs(Double($0) - Double($1)) }
      let margin = scores.elements[label] - scores.elements[other]
      switch norm {
      case .linf: return margin / difference.reduce(0, +)
      case .l2: return margin / difference.reduce(0) { $0 + $1 * $1 }.squareRoot()
      case .l1: return margin / (difference.max() ?? 0)
      case .l0:
        var (left, count) = (margin, 0.0)
        for slope in difference.sorted(by: >) where left > 0 {
          left -= slope * reach
          count += 1
        }
        return left > 0 ? .infinity : count
      }
    }.min() ?? .infinity
  }
}

/// Two layers with a rectifier between: V relu(U x + a) + c.
struct TwoLayerModel: TargetModel {
  var hidden: LinearModel
  var head: LinearModel

  var inputShape: [Int] { hidden.inputShape }
  var classCount: Int { head.classCount }

  func scores(of batch: Tensor<Float>) -> Tensor<Float> {
    let inner = hidden.scores(of: batch)
    return head.scores(of: Tensor(shape: inner.shape, elements: inner.elements.map { max(0, $0) }))
  }

  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let inner = hidden.scores(of: batch)
    let active = Tensor(shape: inner.shape, elements: inner.elements.map { max(0, $0) })
    let outer = head.gradient(at: active, of: cotangent)
    let masked = Tensor(
      shape: inner.shape,
      elements: zip(outer.gradient.elements, inner.elements).map { $1 > 0 ? $0 : 0 })
    return (outer.scores, hidden.gradient(at: batch) { _ in masked }.gradient)
  }

  func scoresInDouble(of batch: Tensor<Double>) -> Tensor<Double> {
    let inner = hidden.scoresInDouble(of: batch)
    return head.scoresInDouble(
      of: Tensor(shape: inner.shape, elements: inner.elements.map { max(0, $0) }))
  }
}

/// A model with one answer spoilt, to see the engine notice.
struct SpoiltModel: TargetModel {
  enum Defect: Sendable {
    /// The score is NaN where the first element exceeds this.
    case nonFinite(above: Float)
    /// Gradients are zero although scores depend on the input: a masked gradient.
    case maskedGradient
    /// Double precision never agrees that anything is wrong.
    case doubleKeepsLabel(Int)
    /// Scores come without the batch axis.
    case wrongShape
  }

  var base: LinearModel
  var defect: Defect

  var inputShape: [Int] { base.inputShape }
  var classCount: Int { base.classCount }

  func scores(of batch: Tensor<Float>) -> Tensor<Float> {
    var scores = base.scores(of: batch)
    switch defect {
    case .nonFinite(let limit):
      let width = batch.count / batch.shape[0]
      var elements = scores.elements
      for row in 0..<batch.shape[0] where batch.elements[row * width] > limit {
        elements[row * classCount] = .nan
      }
      scores = Tensor(shape: scores.shape, elements: elements)
    case .wrongShape:
      scores = Tensor(shape: [scores.count], elements: scores.elements)
    case .maskedGradient, .doubleKeepsLabel: break
    }
    return scores
  }

  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let answer = base.gradient(at: batch, of: cotangent)
    if case .maskedGradient = defect {
      return (answer.scores, Tensor(repeating: 0, shape: batch.shape))
    }
    return (scores(of: batch), answer.gradient)
  }

  func scoresInDouble(of batch: Tensor<Double>) -> Tensor<Double> {
    guard case .doubleKeepsLabel(let label) = defect else { return base.scoresInDouble(of: batch) }
    var elements = [Double](repeating: 0, count: batch.shape[0] * classCount)
    for row in 0..<batch.shape[0] { elements[row * classCount + label] = 1 }
    return Tensor(shape: [batch.shape[0], classCount], elements: elements)
  }
}

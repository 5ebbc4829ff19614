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

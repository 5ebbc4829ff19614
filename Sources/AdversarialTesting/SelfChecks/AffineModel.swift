import TensorCore

/// Two logits, minus and plus an affine function of the sample: the model of the positive and negative
/// controls, whose smallest adversarial change is known in closed form.
struct AffineModel: TargetModel {
  let inputShape: [Int]
  let weights: [Double]
  let bias: Double

  var classCount: Int { 2 }

  func scores(of batch: Tensor<Float>) -> Tensor<Float> {
    let exact = scoresInDouble(
      of: Tensor(shape: batch.shape, elements: batch.elements.map(Double.init)))
    return Tensor(shape: exact.shape, elements: exact.elements.map { Float($0) })
  }

  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let scores = scores(of: batch)
    let pulled = cotangent(scores).elements
    var gradient: [Float] = []
    gradient.reserveCapacity(batch.count)
    for row in 0..<batch.shape[0] {
      let share = Double(pulled[2 * row + 1]) - Double(pulled[2 * row])
      for weight in weights { gradient.append(Float(share * weight)) }
    }
    return (scores, Tensor(shape: batch.shape, elements: gradient))
  }

  func scoresInDouble(of batch: Tensor<Double>) -> Tensor<Double> {
    var elements: [Double] = []
    for row in 0..<batch.shape[0] {
      var sum = bias
      for (index, weight) in weights.enumerated() {
        sum += weight * batch.elements[row * weights.count + index]
      }
      elements.append(-sum)
      elements.append(sum)
    }
    return Tensor(shape: [batch.shape[0], 2], elements: elements)
  }
}

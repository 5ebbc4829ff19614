import TensorCore

/// A model with its head replaced by a threshold on one direction of its outputs, so that an adversarial
/// reading is known to exist.
///
/// Two logits: the threshold less the projection, and its negative. Only the head changes; a model whose
/// gradients are masked keeps them masked.
/// Source: Zimmermann, Brendel, Tramèr, Carlini, "Increasing confidence in adversarial robustness
/// evaluations", NeurIPS 2022 (there a head is trained; here a direction and a threshold are chosen).
struct PlantedModel: TargetModel {
  let base: any TargetModel
  let direction: [Double]
  let threshold: Double

  var inputShape: [Int] { base.inputShape }
  var classCount: Int { 2 }

  func scores(of batch: Tensor<Float>) throws -> Tensor<Float> {
    head(try base.scores(of: batch))
  }

  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let answer = try base.gradient(at: batch) { outputs in
      let pulled = cotangent(head(outputs)).elements
      let rows = outputs.shape[0]
      var elements: [Float] = []
      elements.reserveCapacity(outputs.count)
      for row in 0..<rows {
        let weight = pulled[2 * row + 1] - pulled[2 * row]
        for share in direction { elements.append(weight * Float(share)) }
      }
      return Tensor(shape: outputs.shape, elements: elements)
    }
    return (head(answer.scores), answer.gradient)
  }

  func scoresInDouble(of batch: Tensor<Double>) throws -> Tensor<Double> {
    head(try base.scoresInDouble(of: batch))
  }

  private func head<Score: BinaryFloatingPoint & Sendable>(
    _ outputs: Tensor<Score>
  ) -> Tensor<Score> {
    let rows = outputs.shape[0]
    var elements: [Score] = []
    elements.reserveCapacity(2 * rows)
    for row in 0..<rows {
      let excess = Score(
        projection(outputs.elements, from: row * direction.count) - threshold)
      elements.append(-excess)
      elements.append(excess)
    }
    return Tensor(shape: [rows, 2], elements: elements)
  }

  private func projection<Score: BinaryFloatingPoint>(
    _ outputs: [Score], from start: Int
  ) -> Double {
    var sum = 0.0
    for (index, share) in direction.enumerated() { sum += share * Double(outputs[start + index]) }
    return sum
  }
}

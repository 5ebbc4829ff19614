import AdversarialTesting
import NeuralRuntime
import TensorCore

/// An ensemble of trees as the target of attacks: one score a class, or the values of a regression.
///
/// Trees compare single-precision features, so single and double precision ask the same question; there is no
/// gradient, and the one given is zero.
struct TreeTarget: TargetModel {
  let model: TreeModel

  var inputShape: [Int] { [model.featureCount] }
  var classCount: Int { model.classCount > 0 ? model.classCount : model.forest.targetCount }

  func scores(of batch: Tensor<Float>) throws -> Tensor<Float> {
    var scores: [Float] = []
    for row in 0..<batch.shape[0] {
      scores += self.scores(of: Array(batch.elements[row * width..<(row + 1) * width]))
    }
    return Tensor(shape: [batch.shape[0], classCount], elements: scores)
  }

  func scoresInDouble(of batch: Tensor<Double>) throws -> Tensor<Double> {
    let single = try scores(
      of: Tensor(shape: batch.shape, elements: batch.elements.map { Float($0) }))
    return Tensor(shape: single.shape, elements: single.elements.map(Double.init))
  }

  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    (
      try scores(of: batch),
      Tensor(shape: batch.shape, elements: Array(repeating: 0, count: batch.elements.count))
    )
  }

  private var width: Int { model.featureCount }

  /// Numbers whose first greatest is the class that the model answers.
  private func scores(of sample: [Float]) -> [Float] {
    let sums = model.sums(of: sample)
    guard model.classCount > 0 else { return sums }
    switch model.decision {
    case .overThreshold(let target, let threshold): return [threshold, sums[target]]
    case .greatest:
      // A class that no leaf speaks for has the sum 0.
      let missing = max(classCount - sums.count, 0)
      return Array((sums + Array(repeating: 0, count: missing)).prefix(classCount))
    }
  }
}

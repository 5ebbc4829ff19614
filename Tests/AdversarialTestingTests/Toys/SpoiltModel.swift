import AdversarialTesting
import EngineSupport
import Synchronization
import TensorCore

/// A model with one answer spoilt, to see the engine notice.
struct SpoiltModel: TargetModel {
  enum Defect: Sendable {
    /// The score is NaN where the first element exceeds this.
    case nonFinite(above: Float)
    /// Gradients are zero although scores depend on the input: a masked gradient.
    case maskedGradient
    /// Gradients point where the loss falls.
    case reversedGradient
    /// Double precision never agrees that anything is wrong.
    case doubleKeepsLabel(Int)
    /// Scores come without the batch axis.
    case wrongShape
    /// Probabilities are handed out for logits, after a saturating scale.
    case softmax(scale: Float)
    /// Every answer carries fresh noise.
    case noise(NoiseSource)
    /// The first score is handed out as the last one and so on.
    case rotatedClasses
  }

  /// Randomness that does not repeat: what a deterministic model must not have.
  final class NoiseSource: Sendable {
    private let random = Mutex(SeededRandom(seed: 4))
    func next() -> Float { random.withLock { Float($0.uniform() - 0.5) } }
  }

  var base: LinearModel
  var defect: Defect

  var inputShape: [Int] { base.inputShape }
  var classCount: Int { base.classCount }

  func scores(of batch: Tensor<Float>) -> Tensor<Float> {
    let scores = base.scores(of: batch)
    var elements = scores.elements
    switch defect {
    case .nonFinite(let limit):
      let width = batch.count / batch.shape[0]
      for row in 0..<batch.shape[0] where batch.elements[row * width] > limit {
        elements[row * classCount] = .nan
      }
    case .wrongShape: return Tensor(shape: [scores.count], elements: elements)
    case .softmax(let scale): elements = probabilities(elements, scale: scale)
    case .noise(let source): for index in elements.indices { elements[index] += source.next() }
    case .rotatedClasses: elements = rotated(elements, by: 1)
    case .maskedGradient, .reversedGradient, .doubleKeepsLabel: break
    }
    return Tensor(shape: scores.shape, elements: elements)
  }

  private func rotated(_ elements: [Float], by shift: Int) -> [Float] {
    elements.indices.map { index in
      let (row, place) = index.quotientAndRemainder(dividingBy: classCount)
      return elements[row * classCount + (place + shift + classCount) % classCount]
    }
  }

  private func probabilities(_ elements: [Float], scale: Float) -> [Float] {
    stride(from: 0, to: elements.count, by: classCount).flatMap { start in
      let logits = elements[start..<start + classCount].map { Double($0 * scale) }
      let highest = logits.max() ?? 0
      let weights = logits.map { PortableMath.exp($0 - highest) }
      let sum = weights.reduce(0, +)
      return weights.map { Float($0 / sum) }
    }
  }

  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let scores = scores(of: batch)
    var pulled = cotangent(scores)
    switch defect {
    case .maskedGradient: return (scores, Tensor(repeating: 0, shape: batch.shape))
    case .reversedGradient: pulled.elements = pulled.elements.map { -$0 }
    case .rotatedClasses: pulled.elements = rotated(pulled.elements, by: -1)
    case .softmax(let scale):
      for row in 0..<batch.shape[0] {
        let range = row * classCount..<(row + 1) * classCount
        let mean = range.reduce(Float(0)) { $0 + scores.elements[$1] * pulled.elements[$1] }
        for index in range {
          pulled.elements[index] = scale * scores.elements[index] * (pulled.elements[index] - mean)
        }
      }
    case .nonFinite, .doubleKeepsLabel, .wrongShape, .noise: break
    }
    let fixed = pulled
    return (scores, base.gradient(at: batch) { _ in fixed }.gradient)
  }

  func scoresInDouble(of batch: Tensor<Double>) -> Tensor<Double> {
    switch defect {
    case .doubleKeepsLabel(let label):
      var elements = [Double](repeating: 0, count: batch.shape[0] * classCount)
      for row in 0..<batch.shape[0] { elements[row * classCount + label] = 1 }
      return Tensor(shape: [batch.shape[0], classCount], elements: elements)
    case .softmax, .rotatedClasses:
      let single = scores(
        of: Tensor(shape: batch.shape, elements: batch.elements.map { Float($0) }))
      return Tensor(shape: single.shape, elements: single.elements.map(Double.init))
    default: return base.scoresInDouble(of: batch)
    }
  }

  /// The base model's own, so that a defect of the single-precision gradient shows in its own checks.
  func gradientInDouble(
    at batch: Tensor<Double>, of cotangent: @Sendable (Tensor<Double>) -> Tensor<Double>
  ) -> Tensor<Double>? {
    guard case .reversedGradient = defect else { return nil }
    let pulled = cotangent(base.scoresInDouble(of: batch))
    let single = Tensor(shape: pulled.shape, elements: pulled.elements.map { -Float($0) })
    let answer = base.gradient(
      at: Tensor(shape: batch.shape, elements: batch.elements.map { Float($0) })
    ) { _ in single }
    return Tensor(shape: batch.shape, elements: answer.gradient.elements.map(Double.init))
  }
}

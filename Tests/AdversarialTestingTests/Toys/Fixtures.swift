import AdversarialTesting
import EngineSupport
import TensorCore

/// Seeded models and data that the tests share.
enum Fixtures {
  /// Random weights and samples in [0, 1]⁶, labelled by the model itself, so nothing is wrong when clean.
  static func linear(seed: UInt64, count: Int, classes: Int = 3) -> (
    LinearModel, Tensor<Float>, [Int]
  ) {
    var random = SeededRandom(seed: seed)
    let weights = (0..<classes).map { _ in (0..<6).map { _ in Float(random.uniform() * 2 - 1) } }
    let model = LinearModel(
      inputShape: [2, 3], weights: weights,
      bias: (0..<classes).map { _ in Float(random.uniform() * 0.2) }
    )
    let elements = (0..<count * 6).map { _ in Float(random.uniform()) }
    let samples = Tensor(shape: [count, 2, 3], elements: elements)
    return (model, samples, labels(of: samples, by: model))
  }

  static func twoLayer(seed: UInt64, count: Int) -> (TwoLayerModel, Tensor<Float>, [Int]) {
    var random = SeededRandom(seed: seed)
    func layer(_ rows: Int, _ columns: Int, _ shape: [Int]) -> LinearModel {
      LinearModel(
        inputShape: shape,
        weights: (0..<rows).map { _ in (0..<columns).map { _ in Float(random.uniform() * 2 - 1) } },
        bias: (0..<rows).map { _ in Float(random.uniform() - 0.5) })
    }
    let model = TwoLayerModel(hidden: layer(12, 8, [8]), head: layer(4, 12, [12]))
    let samples = Tensor(
      shape: [count, 8], elements: (0..<count * 8).map { _ in Float(random.uniform()) })
    return (model, samples, labels(of: samples, by: model))
  }

  static func labels(of samples: Tensor<Float>, by model: some TargetModel) -> [Int] {
    guard let scores = try? model.scores(of: samples) else { return [] }
    return (0..<samples.shape[0]).map { row in
      (0..<model.classCount).max { left, right in
        let a = scores.elements[row * model.classCount + left]
        let b = scores.elements[row * model.classCount + right]
        return a < b || a == b && left > right
      } ?? 0
    }
  }
}

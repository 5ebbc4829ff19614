import AdversarialTesting
import Synchronization
import TensorCore
import Testing

/// An oracle asks a model for gradients in blocks of the rows that the model works on together.
@Suite struct GradientBlockTests {
  /// Notes the sizes of the batches it is asked for.
  private struct BlockModel: TargetModel {
    final class Sizes: Sendable { let asked = Mutex<[Int]>([]) }

    let base = LinearModel(
      inputShape: [2], weights: [[1, -2], [0.5, 3], [-1, 1]], bias: [0, 1, 2])
    let blockRows: Int
    let sizes = Sizes()
    var inputShape: [Int] { base.inputShape }
    var classCount: Int { base.classCount }

    func scores(of batch: Tensor<Float>) -> Tensor<Float> { base.scores(of: batch) }

    func gradient(
      at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
    ) -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
      sizes.asked.withLock { $0.append(batch.shape[0]) }
      return base.gradient(at: batch, of: cotangent)
    }

    func scoresInDouble(of batch: Tensor<Double>) -> Tensor<Double> {
      base.scoresInDouble(of: batch)
    }
  }

  @Test(arguments: [(7, [7]), (3, [3, 3, 1]), (1, [1, 1, 1, 1, 1, 1, 1])])
  func blocksChangeNothing(_ rows: Int, _ expected: [Int]) throws {
    let model = BlockModel(blockRows: rows)
    var oracle = TargetOracle(model, access: .gradients)
    let batch = Tensor(shape: [7, 2], elements: (0..<14).map { Float($0 * 5 % 7) / 3 })
    // Each row's cotangent depends on its number, so a block that is given another's shows.
    let answer = try oracle.gradient(at: batch, samples: Array(10..<17)) { range, scores in
      Tensor(
        shape: scores.shape,
        elements: range.flatMap { [Float($0), 1, -Float($0)] })
    }
    let whole = model.base.gradient(at: batch) { scores in
      Tensor(shape: scores.shape, elements: (0..<7).flatMap { [Float($0), 1, -Float($0)] })
    }
    #expect(answer.scores == whole.scores)
    #expect(answer.gradient == whole.gradient)
    #expect(model.sizes.asked.withLock { $0 } == expected)
    #expect(oracle.spent.forward == 7 && oracle.spent.backward == 7)
  }
}

import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Gradients with respect to the file's constants against differences of models with other constants.
@Suite struct ParameterGradientTests {
  private static func model(_ moved: (name: String, index: Int, by: Double)?) -> ONNXModel {
    var random = SeededRandom(seed: 21)
    let sizes: [(name: String, shape: [Int])] = [
      ("w1", [3, 2, 3, 3]), ("b1", [3]), ("scale", [3]), ("shift", [3]), ("w2", [12, 2]),
      ("b2", [2]),
    ]
    let initializers = sizes.map { item in
      var values = (0..<item.shape.reduce(1, *)).map { _ in random.uniform() - 0.4 }
      if let moved, moved.name == item.name { values[moved.index] += moved.by }
      return TestModel.tensor(item.name, Tensor<Double>(shape: item.shape, elements: values))
    }
    return TestModel.model(
      [
        TestModel.node("Conv", ["x", "w1", "b1"], ["c"], name: "conv"),
        TestModel.node("BatchNormalization", ["c", "scale", "shift", "mean", "var"], ["n"]),
        TestModel.node("Sigmoid", ["n"], ["s"]), TestModel.node("Flatten", ["s"], ["f"]),
        TestModel.node("Gemm", ["f", "w2", "b2"], ["y"]),
      ],
      initializers + [
        TestModel.tensor("mean", Tensor<Double>(shape: [3], elements: [0.1, 0, -0.1])),
        TestModel.tensor("var", Tensor<Double>(shape: [3], elements: [1, 0.5, 2])),
      ],
      inputs: [
        ONNXValue(
          name: "x", elementType: 11, shape: [.dynamic("N"), .fixed(2), .fixed(4), .fixed(4)])
      ])
  }

  @Test func theyAreTheSlopesOfTheLoss() throws {
    let network = try TestModel.network(Self.model(nil))
    var random = SeededRandom(seed: 22)
    let x = Tensor<Double>(
      shape: [3, 2, 4, 4], elements: (0..<96).map { _ in random.uniform() - 0.5 })
    let weights = (0..<6).map { _ in random.uniform() - 0.5 }
    let result = try network.parameterGradients(at: x) {
      Tensor(shape: $0.shape, elements: weights)
    }
    #expect(
      result.gradients.keys.sorted() == ["b1", "b2", "mean", "scale", "shift", "var", "w1", "w2"])
    #expect(result.outputs == (try network.literalOutputs(for: x)))
    for name in ["w1", "b1", "scale", "shift", "w2", "b2"] {
      let gradient = try #require(result.gradients[name])
      for index in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 8)) {
        func loss(_ step: Double) throws -> Double {
          let moved = try TestModel.network(Self.model((name, index, step)))
          return zip(try moved.literalOutputs(for: x).elements, weights)
            .reduce(0) { $0 + $1.0 * $1.1 }
        }
        let expected = (try loss(1e-5) - loss(-1e-5)) / 2e-5
        #expect(
          abs(gradient.elements[index] - expected) < 1e-8, "\(name)[\(index)], seeds 21 and 22")
      }
    }
  }
}

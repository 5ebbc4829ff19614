import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

@Suite struct NetworkTests {
  /// y = x·W + b with small integers: the answers are exact.
  static func linear() -> ONNXModel {
    TestModel.model(
      [TestModel.node("Gemm", ["x", "w", "b"], ["y"], name: "dense")],
      [
        TestModel.floats("w", [3, 2], [1, 2, 3, 4, 5, 6]), TestModel.floats("b", [2], [10, 20]),
      ], sample: [3])
  }

  static func batch(_ count: Int, seed: UInt64) -> Tensor<Float> {
    var random = SeededRandom(seed: seed)
    return Tensor(
      shape: [count, 1, 8, 8],
      elements: (0..<count * 64).map { _ in Float(random.uniform()) })
  }

  @Test func aLinearNetworkHasItsClosedForm() throws {
    let network = try TestModel.network(Self.linear())
    let x = Tensor<Float>(shape: [2, 3], elements: [1, 1, 1, 0, 1, 2])
    #expect(try network.outputs(for: x).elements == [19, 32, 23, 36])
    let (outputs, gradient) = try network.gradient(at: x) { _ in
      Tensor(shape: [2, 2], elements: [1, 0, 0, 1])
    }
    #expect(outputs.elements == [19, 32, 23, 36])
    #expect(gradient == Tensor(shape: [2, 3], elements: [1, 3, 5, 2, 4, 6]))
    #expect(network.input.name == "x" && network.input.shape == [3])
    #expect(network.output.shape == [2])
    #expect(network.parameterCount == 8)
    #expect(network.multiplyAddsPerSample == 6)
    #expect(network.operatorHistogram == ["Gemm": 1])
    #expect(network.isDifferentiable)
  }

  @Test func aBatchHasTheBitsOfItsSamplesOnEitherPath() throws {
    for activation in ["Relu", "Tanh"] {
      var network = try TestModel.network(
        TestModel.convolutional(seed: 5, activation: activation, endsInSoftmax: true))
      let x = Self.batch(39, seed: 6)
      let cotangent: (Tensor<Float>) -> Tensor<Float> = { $0 }
      let whole = try network.gradient(at: x, cotangent: cotangent)
      #expect(try network.outputs(for: x) == whole.outputs)
      for row in 0..<39 {
        let alone = try network.gradient(at: x.rows(row..<row + 1), cotangent: cotangent)
        #expect(alone.outputs == whole.outputs.rows(row..<row + 1), "row \(row), seeds 5 and 6")
        #expect(alone.gradient == whole.gradient.rows(row..<row + 1), "row \(row)")
      }
      network.kernelPath = .portable
      let portable = try network.gradient(at: x, cotangent: cotangent)
      #expect(portable == whole)
    }
  }

  @Test func theGradientOfAConvolutionalNetworkAgreesWithFiniteDifferences() throws {
    for seed in UInt64(1)...3 {
      for activation in ["Sigmoid", "Relu"] {
        let network = try TestModel.network(
          TestModel.convolutional(seed: seed, activation: activation))
        let x = DualTensor(Self.batch(2, seed: seed)).double
        var random = SeededRandom(seed: seed).stream("cotangent", 0)
        let weights = (0..<20).map { _ in random.uniform() - 0.5 }
        let gradient = try network.gradient(at: x) { _ in
          Tensor(shape: [2, 10], elements: weights)
        }.gradient
        func loss(_ x: Tensor<Double>) throws -> Double {
          zip(try network.outputs(for: x).elements, weights).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let scale = gradient.elements.map(abs).max() ?? 0
        #expect(scale > 0)
        for index in gradient.elements.indices {
          func slope(_ step: Double) throws -> Double {
            var moved = x
            moved.elements[index] += step
            let above = try loss(moved)
            moved.elements[index] -= 2 * step
            return (above - (try loss(moved))) / (2 * step)
          }
          let expected = try slope(1e-5)
          // A step over a kink shows as two step lengths that disagree; such a point has no slope.
          guard abs(expected - (try slope(5e-6))) < 1e-8 * scale + 1e-9 else { continue }
          #expect(
            abs(gradient.elements[index] - expected) <= 1e-6 * scale,
            "\(activation) element \(index), seed \(seed)")
        }
      }
    }
  }

  @Test func floatOutputsAreNearTheDoubleOnes() throws {
    let network = try TestModel.network(TestModel.convolutional(seed: 9))
    let x = Self.batch(8, seed: 10)
    let float = try network.outputs(for: x)
    let double = try network.outputs(for: DualTensor(x).double)
    for (a, b) in zip(float.elements, double.elements) { #expect(abs(Double(a) - b) < 1e-5) }
  }

  @Test func theFinalSoftmaxCanBeLeftOut() throws {
    let network = try TestModel.network(TestModel.convolutional(seed: 2, endsInSoftmax: true))
    let plain = try TestModel.network(TestModel.convolutional(seed: 2))
    #expect(network.endsInSoftmax && !plain.endsInSoftmax)
    let logits = network.withoutFinalSoftmax
    #expect(!logits.endsInSoftmax && logits.output.name == "z")
    let x = Self.batch(3, seed: 3)
    #expect(try logits.outputs(for: x) == plain.outputs(for: x))
    for row in 0..<3 {
      let sum = try network.outputs(for: x).rows(row..<row + 1).elements.reduce(0, +)
      #expect(abs(sum - 1) < 1e-6)
    }
    #expect(plain.withoutFinalSoftmax.output == plain.output)
  }

  @Test func aValueReadTwiceGathersBothGradients() throws {
    // y = x·x + x, so dy/dx = 2x + 1.
    let network = try TestModel.network(
      TestModel.model(
        [
          TestModel.node("Mul", ["x", "x"], ["s"]), TestModel.node("Add", ["s", "x"], ["y"]),
        ], sample: [3]))
    let x = Tensor<Float>(shape: [1, 3], elements: [1, -2, 0.5])
    let gradient = try network.gradient(at: x) { Tensor(repeating: 1, shape: $0.shape) }.gradient
    #expect(gradient.elements == [3, -3, 2])
  }

  @Test func constantsAreFoldedAndShapesOfOneSampleServeBatches() throws {
    // Reshape to a fixed batch of 1, and a weight that is transposed in the graph.
    let network = try TestModel.network(
      TestModel.model(
        [
          TestModel.node(
            "Constant", [], ["t"], ["value": .tensor(TestModel.ints("", [1, 4]))]),
          TestModel.node("Reshape", ["x", "t"], ["f"]),
          TestModel.node("Transpose", ["w"], ["wt"]),
          TestModel.node("MatMul", ["f", "wt"], ["y"]),
        ], [TestModel.floats("w", [2, 4], [1, 0, 0, 0, 0, 0, 0, 1])], sample: [2, 2]))
    let x = Tensor<Float>(shape: [2, 2, 2], elements: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(try network.outputs(for: x) == Tensor(shape: [2, 2], elements: [1, 4, 5, 8]))
    #expect(network.parameterCount == 8 && network.multiplyAddsPerSample == 8)
  }

  @Test func rowsThatDependOnEachOtherRunOneByOne() throws {
    // Softmax over axis 0 of one row is 1 wherever the samples run apart.
    let network = try TestModel.network(
      TestModel.model(
        [TestModel.node("Softmax", ["x"], ["y"], ["axis": .int(0)])], sample: [2]))
    let x = Tensor<Float>(shape: [3, 2], elements: [1, 2, 3, 4, 5, 6])
    #expect(try network.outputs(for: x) == Tensor(repeating: 1, shape: [3, 2]))
  }

  @Test func aFixedFirstDimensionBelongsToTheSample() throws {
    var diagnostics = Diagnostics()
    let model = TestModel.model(
      [TestModel.node("Relu", ["x"], ["y"])], [],
      inputs: [ONNXValue(name: "x", elementType: 1, shape: [.fixed(2), .fixed(1)])])
    let network = try Network(planning: model, reportingTo: &diagnostics)
    #expect(network.input.shape == [2, 1] && network.output.shape == [2, 1])
    #expect(diagnostics.all.map(\.code) == ["onnx.batch.fixed"])
    let x = Tensor<Float>(shape: [3, 2, 1], elements: [-1, 2, -3, 4, -5, 6])
    let (y, gradient) = try network.gradient(at: x) { Tensor(repeating: 1, shape: $0.shape) }
    #expect(y == Tensor(shape: [3, 2, 1], elements: [0, 2, 0, 4, 0, 6]))
    #expect(gradient == Tensor(shape: [3, 2, 1], elements: [0, 1, 0, 1, 0, 1]))
  }

  @Test func wrongInputShapesAreRefused() throws {
    let network = try TestModel.network(Self.linear())
    for shape in [[], [3], [1, 4], [1, 3, 1]] {
      let x = Tensor<Float>(repeating: 0, shape: shape)
      #expect { try network.outputs(for: x) } throws: {
        ($0 as? Diagnostic)?.code == "network.input.shape"
      }
    }
    let empty = try network.outputs(for: Tensor<Float>(shape: [0, 3], elements: []))
    #expect(empty.shape == [0, 2])
  }
}

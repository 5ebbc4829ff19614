import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Lowered programs against the plan they came from, operator by operator.
@Suite struct LoweredProgramTests {
  /// Weighs outputs, so that no two have the same cotangent.
  private static func cotangents<S: KernelScalar>(_ outputs: Tensor<S>) -> Tensor<S> {
    let width = outputs.count / max(outputs.shape[0], 1)
    return Tensor(
      shape: outputs.shape,
      elements: outputs.elements.indices.map { S(($0 % width * 7 % 11) - 5) / 8 })
  }

  @Test(arguments: LoweredModel.all)
  func outputsAreThoseOfTheOperators(_ item: LoweredModel) throws {
    let network = try item.network()
    #expect(network.isLowered == item.isLowered)
    let x = LoweredModel.batch(network, 5)
    let lowered = try network.outputs(for: x)
    let literal = try network.literalOutputs(for: x)
    #expect(lowered.shape == literal.shape)
    if item.folds {
      for (a, b) in zip(lowered.elements, literal.elements) {
        #expect(abs(a - b) <= 1e-5 * max(1, abs(b)), "\(item.name), seed \(LoweredModel.seed)")
      }
    } else {
      #expect(lowered == literal, "seed \(LoweredModel.seed)")
    }
    if let kernels = item.kernels {
      #expect(network.fusedNodes.count == kernels, "\(network.fusedNodes)")
    }
  }

  @Test(arguments: LoweredModel.all)
  func gradientsAgreeWithFiniteDifferences(_ item: LoweredModel) throws {
    let network = try item.network()
    #expect(network.isDifferentiable)
    let x = DualTensor(LoweredModel.batch(network, 2)).double
    let gradient = try network.gradient(at: x, cotangent: Self.cotangents).gradient
    func loss(_ x: Tensor<Double>) throws -> Double {
      let y = try network.literalOutputs(for: x)
      return zip(y.elements, Self.cotangents(y).elements).reduce(0) { $0 + $1.0 * $1.1 }
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
      guard abs(expected - (try slope(5e-6))) < 1e-7 * scale + 1e-9 else { continue }
      #expect(
        abs(gradient.elements[index] - expected) <= 1e-6 * scale,
        "element \(index), seed \(LoweredModel.seed)")
    }
  }

  /// The tape of the evaluator runs each operator's own way back.
  @Test(arguments: LoweredModel.all.filter { !$0.folds })
  func gradientsAreThoseOfTheOperators(_ item: LoweredModel) throws {
    let network = try item.network()
    let x = LoweredModel.batch(network, 1)
    let lowered = try network.gradient(at: x, cotangent: Self.cotangents).gradient
    var diagnostics = Diagnostics()
    let evaluator = try ModelEvaluator(preparing: item.model(), reportingTo: &diagnostics)
    let tape = try evaluator.gradients(
      at: ["x": .tensor(x)], of: "y", cotangent: { (y: Tensor<Float>) in Self.cotangents(y) })
    #expect(tape.gradients["x"] == lowered, "\(item.name), seed \(LoweredModel.seed)")
  }

  @Test(arguments: LoweredModel.all)
  func everyPathBatchAndRunnerGivesTheSameBits(_ item: LoweredModel) throws {
    var network = try item.network()
    let x = LoweredModel.batch(network, 7)
    let whole = try network.outputs(for: x)
    let gradient =
      network.isDifferentiable
      ? try network.gradient(at: x, cotangent: Self.cotangents).gradient : nil
    for path in KernelPath.available {
      network.kernelPath = path
      #expect(try network.outputs(for: x) == whole, "\(path)")
      if let gradient {
        #expect(
          try network.gradient(at: x, cotangent: Self.cotangents).gradient == gradient, "\(path)")
      }
    }
    network.kernelPath = .fastest
    // A runner for two rows runs seven in four blocks.
    var runner = network.runner(Float.self, batch: 2)
    var y = [Float](repeating: 0, count: whole.count)
    try runner.forward(x.elements, into: &y)
    #expect(y == whole.elements)
    let width = whole.count / 7
    for row in 0..<7 {
      var alone = [Float](repeating: 0, count: width)
      try runner.forward(x.rows(row..<row + 1).elements, into: &alone)
      #expect(alone == whole.rows(row..<row + 1).elements, "row \(row)")
    }
    guard let gradient else { return }
    var result = [Float](repeating: 0, count: x.count)
    try runner.gradient(at: x.elements, into: &result) { _, outputs, cotangents in
      for i in outputs.indices { cotangents[i] = Float((i % width * 7 % 11) - 5) / 8 }
    }
    #expect(result == gradient.elements)
  }

  @Test func normalisationAndActivationJoinTheConvolutionBefore() throws {
    let item = try #require(LoweredModel.all.first { $0.name == "inverted residual" })
    let nodes = try item.network().fusedNodes
    #expect(nodes[0].count == 3 && nodes[1].count == 3 && nodes[2].count == 2)
    #expect(nodes[0][1] == "node \"n1\" (BatchNormalization)", "\(nodes[0])")
  }

  @Test func whatIsReadTwiceOrIsTheOutputStaysApart() throws {
    // The convolution's own result is read beside the normalisation: nothing may be folded into it.
    let network = try TestModel.network(
      LoweredModel.build([2, 3, 3]) { net in
        let a = net.node("Conv", ["x", net.weight([2, 2, 1, 1])])
        net.last("Add", [a, net.node("Relu", [net.normalization(a, 2)])])
      }())
    #expect(network.fusedNodes.count == 4)
    let x = LoweredModel.batch(network, 3)
    #expect(try network.outputs(for: x) == network.literalOutputs(for: x))
  }

  @Test func aFactorThatLeavesTheRangeIsNotFolded() throws {
    let network = try TestModel.network(
      TestModel.model(
        [
          TestModel.node("MatMul", ["x", "w"], ["m"]), TestModel.node("Mul", ["m", "s"], ["y"]),
        ],
        [TestModel.floats("w", [1, 1], [1e30]), TestModel.floats("s", [1], [1e30])], sample: [1]))
    #expect(network.fusedNodes.count == 2)
    #expect(
      try network.outputs(for: Tensor<Float>(shape: [1, 1], elements: [1e-30])).elements[0] > 0)
  }

  @Test func wrongCountsAreRefused() throws {
    let network = try LoweredModel.all[0].network()
    var runner = network.runner(Float.self)
    var y = [Float](repeating: 0, count: 5)
    for count in [1, 6, 14] {
      let x = [Float](repeating: 0, count: count)
      #expect(throws: Diagnostic.self) { try runner.forward(x, into: &y) }
    }
  }
}

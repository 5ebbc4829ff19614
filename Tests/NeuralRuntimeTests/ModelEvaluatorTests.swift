import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Whole models run node by node: inputs, sub-graphs, gradients through them.
@Suite struct ModelEvaluatorTests {
  private func evaluator(
    _ nodes: [ONNXNode], _ constants: [ONNXTensor] = [], inputs: [String] = ["x"],
    output: String = "y"
  ) throws -> ModelEvaluator {
    var model = TestModel.model(
      nodes, constants,
      inputs: inputs.map { ONNXValue(name: $0, elementType: 0, shape: nil) })
    model.graph.outputs[0].name = output
    var diagnostics = Diagnostics()
    return try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
  }

  private func floats(_ shape: [Int], _ values: [Float]) -> RuntimeValue {
    .tensor(Tensor(shape: shape, elements: values))
  }

  private func result(_ outputs: [ModelEvaluator.Output]) -> [Float]? {
    guard case .tensor(let tensor)? = outputs.first?.value else { return nil }
    return (tensor as? Tensor<Float>)?.elements
  }

  private func graph(
    _ nodes: [ONNXNode], inputs: [String] = [], outputs: [String]
  ) -> ONNXAttribute {
    func value(_ name: String) -> ONNXValue { ONNXValue(name: name, elementType: 0, shape: nil) }
    return .graph(
      ONNXGraph(
        name: "body", nodes: nodes, initializers: [], inputs: inputs.map(value),
        outputs: outputs.map(value)))
  }

  @Test func aBranchReadsTheValuesAroundIt() throws {
    let model = try evaluator(
      [
        TestModel.node("ReduceSum", ["x"], ["s"], ["keepdims": .int(0)], name: "sum"),
        TestModel.node("Less", ["s", "zero"], ["c"]),
        TestModel.node(
          "If", ["c"], ["y"],
          [
            "then_branch": graph([TestModel.node("Neg", ["x"], ["n"])], outputs: ["n"]),
            "else_branch": graph([TestModel.node("Mul", ["x", "x"], ["m"])], outputs: ["m"]),
          ]),
      ], [TestModel.floats("zero", [], [0])])
    #expect(result(try model.run(["x": floats([2], [1, 2])])) == [1, 4])
    #expect(result(try model.run(["x": floats([2], [1, -2])])) == [-1, 2])
    let (output, gradients) = try model.gradients(at: ["x": floats([2], [3, 2])], of: "y") {
      (y: Tensor<Float>) in Tensor(repeating: 1, shape: y.shape)
    }
    #expect(output.elements == [9, 4] && gradients["x"]?.elements == [6, 4])
  }

  /// v ← v·x three times, gathered: outputs v·x, v·x², v·x³ and the last again.
  @Test func aLoopCarriesValuesAndGradients() throws {
    let body = graph(
      [
        TestModel.node("Identity", ["go"], ["goOn"]),
        TestModel.node("Mul", ["v", "x"], ["w"]), TestModel.node("Identity", ["w"], ["row"]),
      ], inputs: ["i", "go", "v"], outputs: ["goOn", "w", "row"])
    func model(_ output: String) throws -> ModelEvaluator {
      try evaluator(
        [TestModel.node("Loop", ["n", "", "one"], ["last", "all"], ["body": body])],
        [
          TestModel.tensor("n", Tensor<Int64>(shape: [], elements: [3])),
          TestModel.floats("one", [1], [2]),
        ], output: output)
    }
    #expect(result(try model("all").run(["x": floats([1], [3])])) == [6, 18, 54])
    #expect(result(try model("last").run(["x": floats([1], [3])])) == [54])
    let gradients = try model("last").gradients(at: ["x": floats([1], [3])], of: "last") {
      (y: Tensor<Float>) in Tensor(repeating: 1, shape: y.shape)
    }.gradients
    // d(2x³)/dx = 6x²
    #expect(gradients["x"]?.elements == [54])
    let all = try model("all").gradients(at: ["x": floats([1], [3])], of: "all") {
      (y: Tensor<Float>) in Tensor(repeating: 1, shape: y.shape)
    }.gradients
    // d(2x + 2x² + 2x³)/dx
    #expect(all["x"]?.elements == [2 + 12 + 54])
  }

  @Test func aScanTakesSlicesAndStacksResults() throws {
    let body = graph(
      [
        TestModel.node("Add", ["s", "e"], ["t"]), TestModel.node("Identity", ["t"], ["o"]),
      ], inputs: ["s", "e"], outputs: ["t", "o"])
    for (direction, expected) in [(0, [1, 3, 6] as [Float]), (1, [3, 5, 6])] {
      let model = try evaluator(
        [
          TestModel.node(
            "Scan", ["zero", "x"], ["last", "y"],
            [
              "body": body, "num_scan_inputs": .int(1),
              "scan_input_directions": .ints([direction]),
            ])
        ], [TestModel.floats("zero", [1], [0])])
      #expect(result(try model.run(["x": floats([3, 1], [1, 2, 3])])) == expected)
      let gradients = try model.gradients(at: ["x": floats([3, 1], [1, 2, 3])], of: "y") {
        (y: Tensor<Float>) in Tensor(repeating: 1, shape: y.shape)
      }.gradients
      #expect(gradients["x"]?.elements == (direction == 0 ? [3, 2, 1] : [1, 2, 3]))
    }
  }

  @Test func anEndlessLoopEndsInADiagnostic() throws {
    let body = graph(
      [TestModel.node("Identity", ["go"], ["goOn"])], inputs: ["i", "go"], outputs: ["goOn"])
    let model = try evaluator(
      [TestModel.node("Loop", ["", "t"], ["y"], ["body": body], name: "forever")],
      [TestModel.tensor("t", TestModel.truths([], [true]))], inputs: [], output: "t")
    #expect { try model.run([:]) } throws: {
      ($0 as? Diagnostic)?.code == "onnx.work.too-large"
    }
  }

  @Test func manyBranchesBesideManyNamesAreCompiledInLinearTime() throws {
    // Copying the names around each of these branches would take 10¹⁰ steps.
    var nodes = (0..<20_000).map { TestModel.node("Neg", ["x"], ["v\($0)"]) }
    let branch = graph([TestModel.node("Neg", ["v7"], ["n"])], outputs: ["n"])
    for index in 0..<20_000 {
      nodes.append(
        TestModel.node(
          "If", ["c"], ["w\(index)"], ["then_branch": branch, "else_branch": branch]))
    }
    let clock = ContinuousClock()
    var made: ModelEvaluator?
    let time = try clock.measure {
      made = try evaluator(
        nodes, [TestModel.tensor("c", TestModel.truths([], [true]))], output: "w19999")
    }
    #expect(time < .seconds(60))
    #expect(result(try #require(made).run(["x": floats([1], [3])])) == [3])
  }

  @Test func textThatDoublesEveryRoundIsStopped() throws {
    let body = graph(
      [
        TestModel.node("Identity", ["go"], ["goOn"]),
        TestModel.node("StringConcat", ["t", "t"], ["u"], name: "twice"),
      ], inputs: ["i", "go", "t"], outputs: ["goOn", "u"])
    var model = TestModel.model(
      [TestModel.node("Loop", ["n", "", "s"], ["y"], ["body": body])],
      [
        TestModel.tensor("n", Tensor<Int64>(shape: [], elements: [100])),
        TestModel.tensor("s", Tensor<String>(shape: [], elements: ["ab"])),
      ], inputs: [], opset: 20)
    model.graph.outputs[0].elementType = 8
    var diagnostics = Diagnostics()
    let evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
    #expect { try evaluator.run([:]) } throws: {
      ($0 as? Diagnostic)?.code == "onnx.shape.too-large"
    }
  }

  @Test func memoryIsClaimedBeforeItIsTaken() throws {
    for node in [
      TestModel.node("ConstantOfShape", ["big"], ["y"], name: "fill"),
      TestModel.node("Expand", ["x", "big"], ["y"], name: "fill"),
      TestModel.node("Tile", ["x", "two"], ["y"], name: "fill"),
    ] {
      let model = try evaluator(
        [node],
        [
          TestModel.ints("big", [1 << 20, 1 << 20]), TestModel.ints("two", [1 << 27, 1 << 27]),
        ])
      #expect {
        try model.run(["x": floats([1, 1], [1])])
      } throws: { ($0 as? Diagnostic)?.code == "onnx.shape.too-large" }
    }
  }

  @Test func inputsAreCheckedByName() throws {
    var model = TestModel.model([TestModel.node("Relu", ["x"], ["y"])], sample: [2])
    model.graph.inputs[0].shape = [.dynamic("N"), .fixed(2)]
    var diagnostics = Diagnostics()
    let relu = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
    func code(_ values: [String: RuntimeValue]) -> String? {
      do {
        _ = try relu.run(values)
        return nil
      } catch { return error.code.name }
    }
    #expect(code([:]) == "model.input.missing")
    #expect(code(["z": floats([1, 2], [0, 0])]) == "model.input.unknown")
    #expect(code(["x": floats([1, 3], [0, 0, 0])]) == "model.input.shape")
    #expect(
      code(["x": .tensor(Tensor<Int64>(shape: [1, 2], elements: [0, 0]))]) == "model.input.type")
    #expect(code(["x": floats([3, 2], [0, 0, 0, 0, 0, 0])]) == nil)
    let filled = try ReferenceFill.values(for: relu.inputs, shapes: ["x": [2, 2]])
    guard case .tensor(let tensor)? = filled["x"] else { return }
    #expect((tensor as? Tensor<Float>)?.elements == [-1, -0.26, 0.48, -0.8])
  }

  @Test func bothWaysToRunGiveTheSameBits() throws {
    let model = TestModel.convolutional(seed: 5, endsInSoftmax: true)
    let network = try TestModel.network(model)
    var diagnostics = Diagnostics()
    let evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
    let x = NetworkTests.batch(1, seed: 3)
    #expect(try network.outputs(for: x).elements == result(try evaluator.run(["x": .tensor(x)])))
  }

  @Test func theRangesOfANetworkHoldItsOutputs() throws {
    let network = try TestModel.network(TestModel.convolutional(seed: 7))
    #expect(network.isBounded)
    let centre = NetworkTests.batch(1, seed: 8)
    let seed: UInt64 = 9
    var random = SeededRandom(seed: seed)
    for radius in [0, 1e-3, 0.05] as [Double] {
      let box = IntervalTensor(
        lower: Tensor(shape: centre.shape, elements: centre.elements.map { Double($0) - radius }),
        upper: Tensor(shape: centre.shape, elements: centre.elements.map { Double($0) + radius }))
      let bounds = try network.bounds(over: box)
      #expect(bounds.shape == [1, 10])
      for _ in 0..<60 {
        let point = Tensor(
          shape: centre.shape,
          elements: centre.elements.map {
            radius == 0 ? $0 : $0 + Float((random.uniform() * 1.98 - 0.99) * radius)
          })
        let y = try network.outputs(for: point)
        for (index, value) in y.elements.enumerated() {
          #expect(
            bounds.lower.elements[index] <= Double(value)
              && Double(value) <= bounds.upper.elements[index], "seed \(seed)")
        }
      }
      if radius == 0 {
        for index in 0..<10 {
          #expect(bounds.upper.elements[index] - bounds.lower.elements[index] < 1e-3)
        }
      }
    }
  }

  @Test func theManualShowsTheTableOfOperators() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/bartizan/Manual.docc/Operators.md")
    var text = try String(contentsOf: page, encoding: .utf8)
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] != nil {
      let head = text.components(separatedBy: "| operator |")[0]
      text = head + OperatorCapabilities.table
      try text.write(to: page, atomically: true, encoding: .utf8)
    }
    #expect(
      text.hasSuffix(OperatorCapabilities.table),
      "write it anew with RECORD_GOLDENS=1: \(page.lastPathComponent)")
    #expect(OperatorCapabilities.all.count > 150)
  }

  @Test func anInspectionSaysWhatCanBeDone() throws {
    let network = ModelInspection(of: TestModel.convolutional(seed: 1))
    #expect(network.canRun.isGiven && network.canDifferentiate.isGiven && network.canBound.isGiven)
    #expect(network.parameterCount == 72 + 8 + 1_152 + 16 + 2_560 + 10)
    #expect(network.multiplyAdds == 8 * 64 * 9 + 16 * 64 * 72 + 2_560)
    #expect(network.operators.map(\.operation) == ["Conv", "Flatten", "Gemm", "MaxPool", "Relu"])
    #expect(network.operators.map(\.count) == [2, 1, 1, 1, 2])
    let trees = ModelInspection(
      of: TestModel.model([TestModel.node("NonZero", ["x"], ["y"], name: "nz")], sample: [3]))
    #expect(trees.canRun.isGiven && !trees.canPlan.isGiven && !trees.canBound.isGiven)
    let odd = ModelInspection(
      of: TestModel.model([TestModel.node("Frobnicate", ["x"], ["y"])], sample: [3]))
    #expect(!odd.canRun.isGiven && odd.operators[0].capabilities == nil)
  }
}

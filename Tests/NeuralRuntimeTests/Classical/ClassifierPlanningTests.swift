import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Classifiers with labels in planned networks, and their gradients node by node.
@Suite struct ClassifierPlanningTests {
  private static let linear: [String: ONNXAttribute] = [
    "coefficients": .floats([1, -2, 0.5, 0.25, 1, -1]), "intercepts": .floats([0.5, -1]),
    "classlabels_strings": .strings(["low", "high"]),
  ]

  private static let machine: [String: ONNXAttribute] = [
    "classlabels_ints": .ints([7, 9]), "vectors_per_class": .ints([1, 1]),
    "support_vectors": .floats([3, 1, 0, 1, -1, 2]), "coefficients": .floats([1, -1]),
    "rho": .floats([-1]), "kernel_type": .string("RBF"), "kernel_params": .floats([0.25, 0, 0]),
  ]

  private static let forest = ClassicalCases.trees(
    ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_NEQ"], targets: 3
  ).merging(["classlabels_int64s": .ints([1, 2, 3])]) { $1 }

  private func model(
    _ operation: String, _ attributes: [String: ONNXAttribute], outputs: [String],
    after: [ONNXNode] = []
  ) -> ONNXModel {
    let results = operation.hasSuffix("Regressor") ? ["scores"] : ["label", "scores"]
    var model = TestModel.model(
      [
        TestModel.node("Tanh", ["x"], ["t"], name: "tanh"),
        TestModel.node(
          operation, ["t"], results, attributes, name: "model", domain: "ai.onnx.ml"),
      ] + after, sample: [3])
    model.opsets["ai.onnx.ml"] = 3
    model.graph.outputs = outputs.map { ONNXValue(name: $0, elementType: 0, shape: nil) }
    return model
  }

  @Test func scoresStandForALabelThatTheyDecide() throws {
    var diagnostics = Diagnostics()
    let network = try Network(
      planning: model("LinearClassifier", Self.linear, outputs: ["label", "scores"]),
      reportingTo: &diagnostics)
    #expect(network.output.name == "scores" && network.output.shape == [2])
    #expect(diagnostics.all.map(\.code) == ["onnx.output.label"])
    #expect(network.isDifferentiable && network.isBounded && network.isRowwise)
    let forest = try TestModel.network(
      model("TreeEnsembleClassifier", Self.forest, outputs: ["label", "scores"]))
    #expect(!forest.isDifferentiable && forest.isBounded && forest.isRowwise)
  }

  /// As scikit-learn's pipelines are exported: a converted label, and the scores as maps.
  @Test func mapsOfScoresStandForTheirScores() throws {
    var diagnostics = Diagnostics()
    let named = TestModel.node(
      "ZipMap", ["shares"], ["maps"], ["classlabels_strings": .strings(["low", "high"])],
      domain: "ai.onnx.ml")
    let after = [
      TestModel.node("Cast", ["label"], ["text"], ["to": .int(8)]),
      TestModel.node(
        "Normalizer", ["scores"], ["shares"], ["norm": .string("L1")], domain: "ai.onnx.ml"),
      named,
    ]
    let network = try Network(
      planning: model(
        "LinearClassifier", Self.linear, outputs: ["text", "maps"], after: after),
      reportingTo: &diagnostics)
    #expect(network.output.name == "shares" && network.output.shape == [2])
    #expect(diagnostics.all.map(\.code) == ["onnx.output.label", "onnx.output.map"])
    #expect(network.isDifferentiable)
    let reading = TestModel.node("Relu", ["maps"], ["y"])
    #expect(
      TestModel.refusal(
        model("LinearClassifier", Self.linear, outputs: ["y"], after: after + [reading]))?.code
        == "onnx.operator.data-dependent")
  }

  @Test func theGreatestScoreStandsForItsPlace() throws {
    func classifier(of name: String, outputs: [String], last: Int = 0) -> ONNXModel {
      var model = TestModel.model(
        [
          TestModel.node("Tanh", ["x"], ["t"]),
          TestModel.node("Softmax", ["t"], ["s"], ["axis": .int(-1)]),
          TestModel.node("Identity", ["s"], ["scores"]),
          TestModel.node(
            "ArgMax", [name], ["place"], ["axis": .int(1), "select_last_index": .int(last)]),
          TestModel.node("Cast", ["place"], ["label"], ["to": .int(6)]),
        ], sample: [3])
      model.graph.outputs = outputs.map { ONNXValue(name: $0, elementType: 0, shape: nil) }
      return model
    }
    for name in ["s", "scores"] {
      let network = try TestModel.network(classifier(of: name, outputs: ["label", "scores"]))
      #expect(network.output.name == "scores" && network.output.shape == [3])
    }
    // Of other scores than those that stand for it, with ties decided the other way, or alone.
    let refused = [
      classifier(of: "t", outputs: ["label", "scores"]),
      classifier(of: "s", outputs: ["label", "scores"], last: 1),
      classifier(of: "s", outputs: ["label"]),
    ]
    for model in refused {
      #expect(TestModel.refusal(model)?.code == "onnx.operator.data-dependent")
    }
  }

  @Test func labelsOfVotesAndLabelsThatAreReadAreRefused() throws {
    let voted = TestModel.refusal(
      model("SVMClassifier", Self.machine, outputs: ["label", "scores"]))
    #expect(voted?.code == "onnx.operator.data-dependent" && voted?.location != nil)
    #expect(TestModel.refusal(model("SVMClassifier", Self.machine, outputs: ["scores"])) == nil)
    let zeroed = Self.linear.merging(["post_transform": .string("SOFTMAX_ZERO")]) { $1 }
    #expect(
      TestModel.refusal(model("LinearClassifier", zeroed, outputs: ["label"]))?.code
        == "onnx.operator.data-dependent")
    // Three scores for two labels: the greatest may have none.
    let wide = Self.linear.merging([
      "coefficients": .floats([1, 2, 3, 4, 5, 6, 7, 8, 9]), "intercepts": .floats([0, 0, 0]),
    ]) { $1 }
    #expect(
      TestModel.refusal(model("LinearClassifier", wide, outputs: ["label"]))?.code
        == "onnx.operator.data-dependent")
    #expect(
      TestModel.refusal(model("LinearClassifier", Self.linear, outputs: ["label"]))?.code
        == "onnx.graph.interface")
    let read = TestModel.refusal(
      model(
        "LinearClassifier", Self.linear, outputs: ["y"],
        after: [TestModel.node("Mul", ["t", "label"], ["y"], name: "reads")]))
    #expect(read?.code == "onnx.operator.data-dependent" && "\(read ?? voted!)".contains("label"))
  }

  @Test func placesOfTheGreatestAreNoPartOfAPlan() throws {
    func model(_ outputs: [String], _ after: [ONNXNode] = []) -> ONNXModel {
      var model = TestModel.model(
        [
          TestModel.node("Tanh", ["x"], ["t"]),
          TestModel.node("TopK", ["t", "k"], ["greatest", "places"], name: "top"),
        ] + after, [TestModel.ints("k", [2])], sample: [4])
      model.graph.outputs = outputs.map { ONNXValue(name: $0, elementType: 0, shape: nil) }
      return model
    }
    let network = try TestModel.network(model(["greatest"]))
    #expect(network.isDifferentiable && network.isBounded && network.isRowwise)
    let x = Tensor<Float>(shape: [2, 4], elements: [0, 2, -1, 1, 3, 0.5, 0, -2])
    let gradient = try network.gradient(at: x) { Tensor(repeating: 1, shape: $0.shape) }.gradient
    #expect(
      gradient.elements.map { $0 > 0 } == [false, true, false, true, true, true, false, false])
    #expect(
      TestModel.refusal(model(["greatest", "places"]))?.code == "onnx.operator.data-dependent")
    let cast = TestModel.node("Cast", ["places"], ["y"], ["to": .int(1)])
    #expect(TestModel.refusal(model(["y"], [cast]))?.code == "onnx.operator.data-dependent")
  }

  /// Planned and node by node: the same bits forwards, the same gradient backwards.
  @Test(arguments: [("LinearClassifier", linear), ("SVMClassifier", machine)])
  func gradientsLeaveLabelsOut(
    _ operation: String, _ attributes: [String: ONNXAttribute]
  ) throws {
    let model = model(operation, attributes, outputs: ["scores"])
    let network = try TestModel.network(model)
    var diagnostics = Diagnostics()
    let evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
    let x = Tensor<Float>(shape: [2, 3], elements: [0.5, -1, 0.25, 2, 0.125, -0.75])
    func cotangent(_ y: Tensor<Float>) -> Tensor<Float> {
      Tensor(shape: y.shape, elements: y.elements.indices.map { Float($0) - 1.5 })
    }
    let planned = try network.gradient(at: x, cotangent: cotangent)
    let walked = try evaluator.gradients(at: ["x": .tensor(x)], of: "scores", cotangent: cotangent)
    #expect(planned.outputs == walked.output)
    #expect(planned.gradient == walked.gradients["x"])
    #expect(planned.gradient.elements.contains { abs($0) > 0.01 })
  }

  @Test func forestsGiveTheSameBitsPlanned() throws {
    let model = model("TreeEnsembleClassifier", Self.forest, outputs: ["scores"])
    let network = try TestModel.network(model)
    var diagnostics = Diagnostics()
    let evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
    var random = SeededRandom(seed: 3)
    let x = Tensor<Float>(shape: [40, 3], elements: TestModel.random(120, scale: 2, &random))
    let outputs = try network.outputs(for: x)
    #expect(try evaluator.run(["x": .tensor(x)]).first?.value.tensor as? Tensor<Float> == outputs)
    for row in 0..<40 {
      #expect(try network.outputs(for: x.rows(row..<row + 1)) == outputs.rows(row..<row + 1))
    }
    let box = IntervalTensor(
      lower: Tensor(repeating: -0.3, shape: [1, 3]), upper: Tensor(repeating: 0.3, shape: [1, 3]))
    let bounds = try network.bounds(over: box)
    #expect(
      zip(bounds.lower.elements, bounds.upper.elements).allSatisfy { $0.isFinite && $1.isFinite })
  }

  @Test(
    arguments: [
      (
        "SVMRegressor", ["kernel_type": .string("SPLINE"), "rho": .floats([1])],
        "onnx.attribute.invalid"
      ),
      (
        "SVMRegressor",
        ["coefficients": .floats([1]), "n_supports": .int(-4), "rho": .floats([1])],
        "onnx.shape.mismatch"
      ),
      (
        "SVMRegressor",
        [
          "coefficients": .floats([1, 2]), "n_supports": .int(2), "rho": .floats([1]),
          "support_vectors": .floats([1, 2, 3]),
        ], "onnx.shape.mismatch"
      ),
      (
        "SVMRegressor", ["coefficients": .floats([1, 2, 3]), "rho": .floats([])],
        "onnx.shape.mismatch"
      ),
      (
        "SVMClassifier",
        machine.merging(["prob_a": .floats([1, 2]), "prob_b": .floats([1, 2])]) { $1 },
        "onnx.shape.mismatch"
      ),
      (
        "SVMClassifier", machine.merging(["vectors_per_class": .ints([1, -1])]) { $1 },
        "onnx.attribute.invalid"
      ),
      (
        "SVMClassifier", machine.merging(["vectors_per_class": .ints([1 << 26, 1 << 26])]) { $1 },
        "onnx.shape.mismatch"
      ),
      (
        "LinearClassifier", linear.merging(["intercepts": .floats([1, 2, 3, 4])]) { $1 },
        "onnx.shape.mismatch"
      ),
      (
        "LinearRegressor",
        ["coefficients": .floats([1, 2, 3]), "post_transform": .string("CUBE")],
        "onnx.attribute.invalid"
      ),
      (
        "TreeEnsembleClassifier", forest.merging(["nodes_truenodeids": .ints([1])]) { $1 },
        "onnx.shape.mismatch"
      ),
    ] as [(String, [String: ONNXAttribute], String)])
  func attributesThatDoNotFitAreRefusedWithTheirPlace(
    _ operation: String, _ attributes: [String: ONNXAttribute], _ code: String
  ) {
    let diagnostic = TestModel.refusal(model(operation, attributes, outputs: ["scores"]))
    #expect("\(diagnostic?.code ?? "none")" == code, "\(String(describing: diagnostic))")
    #expect(diagnostic?.location?.document == "test.onnx")
  }
}

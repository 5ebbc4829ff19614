import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Classical models with answers that can be reckoned by hand.
@Suite struct ClassicalModelTests {
  private func run(
    _ operation: String, _ attributes: [String: ONNXAttribute], _ x: any AnyTensor,
    output: String = "y", opset: Int = 3
  ) throws -> RuntimeValue {
    var model = TestModel.model(
      [TestModel.node(operation, ["x"], ["label", "y"], attributes, domain: "ai.onnx.ml")], [],
      inputs: [ONNXValue(name: "x", elementType: 0, shape: nil)])
    if output == "only" { model.graph.nodes[0].outputs = ["only"] }
    model.graph.outputs[0].name = output
    model.opsets["ai.onnx.ml"] = opset
    var diagnostics = Diagnostics()
    let evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
    return try #require(try evaluator.run(["x": .tensor(x)]).first).value
  }

  private func floats(_ value: RuntimeValue) -> [Float]? {
    guard case .tensor(let tensor) = value else { return nil }
    return (tensor as? Tensor<Float>)?.elements
  }

  private let rows = Tensor<Float>(shape: [3, 2], elements: [1, 5, 2, 5, .nan, 5])

  /// Two trees: x₀ ≤ 1 ? 10 : 20, missing values as true; and a leaf of 1 alone.
  private func trees(_ mode: String) -> [String: ONNXAttribute] {
    [
      "nodes_treeids": .ints([0, 0, 0, 1]), "nodes_nodeids": .ints([0, 1, 2, 0]),
      "nodes_featureids": .ints([0, 0, 0, 0]), "nodes_values": .floats([1, 0, 0, 0]),
      "nodes_modes": .strings([mode, "LEAF", "LEAF", "LEAF"]),
      "nodes_truenodeids": .ints([1, 0, 0, 0]), "nodes_falsenodeids": .ints([2, 0, 0, 0]),
      "nodes_missing_value_tracks_true": .ints([1, 0, 0, 0]),
      "target_treeids": .ints([0, 0, 1]), "target_nodeids": .ints([1, 2, 0]),
      "target_ids": .ints([0, 0, 0]), "target_weights": .floats([10, 20, 1]), "n_targets": .int(1),
    ]
  }

  @Test func branchesAreStrictOrNotAsTheySay() throws {
    #expect(
      floats(try run("TreeEnsembleRegressor", trees("BRANCH_LEQ"), rows, output: "only"))
        == [11, 21, 11])
    #expect(
      floats(try run("TreeEnsembleRegressor", trees("BRANCH_LT"), rows, output: "only"))
        == [21, 21, 11])
    var averaged = trees("BRANCH_GT")
    averaged["aggregate_function"] = .string("AVERAGE")
    averaged["base_values"] = .floats([0.5])
    #expect(
      floats(try run("TreeEnsembleRegressor", averaged, rows, output: "only"))
        == [11, 6, 6])
  }

  @Test func treesThatFormACycleAreRefused() throws {
    var cyclic = trees("BRANCH_LEQ")
    cyclic["nodes_modes"] = .strings(["BRANCH_LEQ", "BRANCH_LEQ", "LEAF", "LEAF"])
    cyclic["nodes_truenodeids"] = .ints([1, 0, 0, 0])
    cyclic["nodes_falsenodeids"] = .ints([2, 0, 0, 0])
    #expect { try run("TreeEnsembleRegressor", cyclic, rows, output: "only") } throws: {
      ($0 as? Diagnostic)?.code == "onnx.shape.mismatch"
    }
  }

  @Test func aSupportVectorMachineVotes() throws {
    // One vector for each of two classes on a line, linear kernel: score = 3·x − 1·x − 1.
    let machine: [String: ONNXAttribute] = [
      "classlabels_ints": .ints([7, 9]), "vectors_per_class": .ints([1, 1]),
      "support_vectors": .floats([3, 1]), "coefficients": .floats([1, -1]), "rho": .floats([-1]),
      "kernel_type": .string("LINEAR"),
    ]
    let x = Tensor<Float>(shape: [2, 1], elements: [2, 0])
    guard case .tensor(let labels) = try run("SVMClassifier", machine, x, output: "label") else {
      return
    }
    #expect((labels as? Tensor<Int64>)?.elements == [7, 9])
    // onnx.reference and onnxruntime both write the score of the pair for the second class.
    #expect(floats(try run("SVMClassifier", machine, x)) == [-3, 3, 1, -1])
    // The label follows the vote even where the probabilities disagree.
    var probable = machine
    probable["prob_a"] = .floats([1])
    probable["prob_b"] = .floats([0])
    guard case .tensor(let voted) = try run("SVMClassifier", probable, x, output: "label") else {
      return
    }
    #expect((voted as? Tensor<Int64>)?.elements == [7, 9])
    let shares = try #require(floats(try run("SVMClassifier", probable, x)))
    #expect(shares[0] < 0.05 && abs(shares[0] + shares[1] - 1) < 1e-6)
    // The transform comes after the probabilities.
    probable["post_transform"] = .string("LOGISTIC")
    let logistic = try #require(floats(try run("SVMClassifier", probable, x)))
    for (share, result) in zip(shares, logistic) {
      #expect(abs(Double(result) - PortableMath.sigmoid(Double(share))) < 1e-6)
    }
  }

  @Test func labelsAreLookedUpAndMissingOnesHaveADefault() throws {
    let table: [String: ONNXAttribute] = [
      "keys_strings": .strings(["a", "b"]), "values_int64s": .ints([1, 2]),
      "default_int64": .int(-5),
    ]
    let x = Tensor<String>(shape: [3], elements: ["b", "z", "a"])
    guard case .tensor(let found) = try run("LabelEncoder", table, x, output: "only") else {
      return
    }
    #expect((found as? Tensor<Int64>)?.elements == [2, -5, 1])
  }

  @Test func featuresAreScaledFilledAndNamed() throws {
    let x = Tensor<Float>(shape: [1, 2], elements: [3, 10])
    #expect(
      floats(
        try run(
          "Scaler", ["offset": .floats([1, 4]), "scale": .floats([2, 0.5])], x, output: "only"))
        == [4, 3])
    let filled = try run(
      "Imputer",
      ["imputed_value_floats": .floats([8, 9]), "replaced_value_float": .float(.nan)],
      Tensor<Float>(shape: [1, 2], elements: [.nan, 2]), output: "only")
    #expect(floats(filled) == [8, 2])
    let named = try run("ZipMap", ["classlabels_strings": .strings(["u", "v"])], x, output: "only")
    guard case .sequence(let maps) = named, case .map(let map)? = maps.first else {
      Issue.record("no sequence of maps")
      return
    }
    #expect((map.keys as? Tensor<String>)?.elements == ["u", "v"])
    #expect((map.values as? Tensor<Float>)?.elements == [3, 10])
  }
}

import ONNXFormat
import TensorCore

/// Contract cases of the classical models: linear, kernel machines, forests.
enum ClassicalCases {
  private static func model(
    _ operation: String, _ shape: [Int], _ attributes: [String: ONNXAttribute], opset: Int = 3
  ) -> OperatorCase {
    OperatorCase(operation, [shape], attributes, opset: opset, domain: "ai.onnx.ml")
  }

  static let all = scaling + linear + regressors + classifiers + forests

  private static let scaling = [
    model("Scaler", [1, 3], ["offset": .floats([0.5, -1, 2]), "scale": .floats([2, -0.5, 1])]),
    model("Scaler", [1, 4], ["scale": .floats([3])], opset: 1),
  ]

  private static let transforms = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"]

  private static let linear =
    [
      model(
        "LinearRegressor", [1, 3],
        [
          "coefficients": .floats([1, -2, 0.5, 0.25, 3, -1]), "intercepts": .floats([0.5, -4]),
          "targets": .int(2),
        ], opset: 1),
      model("LinearRegressor", [1, 2], ["coefficients": .floats([1.5, -2])], opset: 1),
      model(
        "LinearRegressor", [1, 3],
        [
          "coefficients": .floats([0.02, -0.03, 0.01]), "intercepts": .floats([0.4]),
          "post_transform": .string("PROBIT"),
        ]),
    ]
    + transforms.flatMap { transform in
      [
        model(
          "LinearClassifier", [1, 3],
          [
            "classlabels_ints": .ints([1, 2, 4]),
            "coefficients": .floats([1, -2, 0.5, 0.25, 1, -1, -0.5, 0.75, 0.25]),
            "intercepts": .floats([0.5, -1, 0.25]), "post_transform": .string(transform),
          ]),
        model(
          "LinearClassifier", [1, 4],
          [
            "classlabels_strings": .strings(["no", "yes"]),
            "coefficients": .floats([1, -0.5, 0.25, 2]), "intercepts": .floats([0.125]),
            "post_transform": .string(transform),
          ]),
      ]
    }

  /// Kernels with the parameters γ, c and p.
  private static let kernels: [(name: String, parameters: [Float])] = [
    ("LINEAR", []), ("POLY", [0.5, 1, 3]), ("POLY", [0.25, 12, 2.5]), ("POLY", [1, 0.5, 2]),
    ("POLY", [0.5, 0.25, 1]), ("POLY", [0.5, 30, -1]), ("RBF", [0.3]), ("RBF", [-0.05]),
    ("SIGMOID", [0.4, -0.2]),
  ]

  private static let vectors: [Float] = [
    1, -0.5, 0.25, -1.5, 2, 0.75, 0.5, 0.5, -1, -0.25, -0.75, 1.25, 1.75, 0.125, -0.375,
  ]

  private static func regressor(
    _ kernel: (name: String, parameters: [Float]), _ more: [String: ONNXAttribute] = [:]
  ) -> OperatorCase {
    let attributes: [String: ONNXAttribute] = [
      "kernel_type": .string(kernel.name), "kernel_params": .floats(kernel.parameters),
      "support_vectors": .floats(vectors), "coefficients": .floats([1, -0.5, 0.25, 0.75, -1]),
      "n_supports": .int(5), "rho": .floats([0.3]),
    ]
    return model("SVMRegressor", [1, 3], attributes.merging(more) { $1 })
  }

  private static let regressors =
    kernels.map { regressor($0) } + [
      regressor(kernels[6], ["post_transform": .string("LOGISTIC")]),
      regressor(kernels[6], ["one_class": .int(1)]),
      model(
        "SVMRegressor", [1, 3], ["coefficients": .floats([1, -2, 0.5]), "rho": .floats([0.25])]),
    ]

  /// Two vectors for the first class, one for the second and two for the third.
  private static func classifier(
    _ kernel: (name: String, parameters: [Float]), _ more: [String: ONNXAttribute] = [:]
  ) -> OperatorCase {
    let attributes: [String: ONNXAttribute] = [
      "kernel_type": .string(kernel.name), "kernel_params": .floats(kernel.parameters),
      "support_vectors": .floats(vectors), "classlabels_ints": .ints([3, 5, 8]),
      "vectors_per_class": .ints([2, 1, 2]),
      "coefficients": .floats([1, 0.5, -0.75, -1, 0.25, 0.5, 0.125, 1, -0.5, -0.25]),
      "rho": .floats([0.1, -0.2, 0.3]),
    ]
    return model("SVMClassifier", [1, 3], attributes.merging(more) { $1 })
  }

  private static func twoClasses(_ more: [String: ONNXAttribute]) -> OperatorCase {
    let attributes: [String: ONNXAttribute] = [
      "kernel_type": .string("RBF"), "kernel_params": .floats([0.3]),
      "support_vectors": .floats(vectors), "classlabels_strings": .strings(["a", "b"]),
      "vectors_per_class": .ints([2, 3]), "coefficients": .floats([1, 0.5, -0.75, -1, 0.25]),
      "rho": .floats([0.1]),
    ]
    return model("SVMClassifier", [1, 3], attributes.merging(more) { $1 })
  }

  private static let classifiers =
    kernels.map { classifier($0) }
    + transforms.map { twoClasses(["post_transform": .string($0)]) } + [
      classifier(kernels[6], ["post_transform": .string("SOFTMAX")]),
      classifier(
        kernels[6],
        ["prob_a": .floats([-1.5, -0.75, -2]), "prob_b": .floats([0.1, -0.2, 0.05])]),
      classifier(
        kernels[0], ["prob_a": .floats([-0.5, 0.25, -1]), "prob_b": .floats([0, 0.5, -0.25])]),
      twoClasses(["prob_a": .floats([-2]), "prob_b": .floats([0.25])]),
      classifier(
        kernels[6],
        [
          "prob_a": .floats([-1.5, -0.75, -2]), "prob_b": .floats([0.1, -0.2, 0.05]),
          "post_transform": .string("SOFTMAX"),
        ]),
      model(
        "SVMClassifier", [1, 3],
        [
          "classlabels_ints": .ints([0, 1]), "coefficients": .floats([1, -2, 0.5, 0.25, 1, -1]),
          "rho": .floats([0.25]), "post_transform": .string("LOGISTIC"),
        ]),
    ]

  /// Two trees of five leaves and three: conditions on the way may exclude a leaf.
  static func trees(_ modes: [String], targets: Int) -> [String: ONNXAttribute] {
    [
      "nodes_treeids": .ints([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]),
      "nodes_nodeids": .ints([0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4]),
      "nodes_featureids": .ints([0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0]),
      "nodes_values": .floats([0.5, -0.25, 0.25, 0, 0, 0, 0, 0.125, 0, -1, 0, 0]),
      "nodes_modes": .strings([
        modes[0], modes[1], modes[2], "LEAF", "LEAF", "LEAF", "LEAF", modes[3], "LEAF", modes[4],
        "LEAF", "LEAF",
      ]),
      "nodes_truenodeids": .ints([1, 3, 5, 0, 0, 0, 0, 1, 0, 3, 0, 0]),
      "nodes_falsenodeids": .ints([2, 4, 6, 0, 0, 0, 0, 2, 0, 4, 0, 0]),
      "nodes_missing_value_tracks_true": .ints([1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
    ].merging(
      [
        "treeids": .ints([0, 0, 0, 0, 0, 1, 1, 1]), "nodeids": .ints([3, 4, 5, 6, 6, 1, 3, 4]),
        "ids": .ints([0, targets - 1, 0, 0, targets - 1, 0, targets - 1, 0]),
        "weights": .floats([0.5, 0.25, 0.125, 1.5, 0.75, 0.3, 0.1, 0.7]),
      ].map { (targets == 1 ? "target_\($0)" : "class_\($0)", $1) }
    ) { $1 }
  }

  private static let orders = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_NEQ"]

  private static let forests =
    orders.indices.map { shift in
      model(
        "TreeEnsembleRegressor", [1, 3],
        trees(Array(orders[shift...] + orders[..<shift]), targets: 1))
    }
    + ["AVERAGE", "MIN", "MAX"].map { aggregate in
      model(
        "TreeEnsembleRegressor", [1, 3],
        trees(orders, targets: 1).merging([
          "aggregate_function": .string(aggregate), "base_values": .floats([0.25]),
          "n_targets": .int(1),
        ]) { $1 })
    }
    + transforms.map { transform in
      model(
        "TreeEnsembleClassifier", [1, 3],
        trees(orders, targets: 3).merging([
          "classlabels_int64s": .ints([1, 2, 3]), "post_transform": .string(transform),
        ]) { $1 })
    } + [
      model(
        "TreeEnsembleClassifier", [1, 3],
        trees(orders, targets: 2).merging([
          "classlabels_strings": .strings(["u", "v"]), "base_values": .floats([0.25, -0.5]),
        ]) { $1 }),
      model(
        "TreeEnsemble", [1, 2],
        [
          "nodes_featureids": .ints([0, 1, 0]), "nodes_truenodeids": .ints([1, 0, 2]),
          "nodes_falsenodeids": .ints([2, 1, 3]), "nodes_trueleafs": .ints([0, 1, 1]),
          "nodes_falseleafs": .ints([0, 1, 1]),
          "nodes_modes": .tensor(
            TestModel.tensor("modes", Tensor(shape: [3], elements: [UInt8(0), 6, 1]))),
          "nodes_splits": .tensor(TestModel.floats("splits", [3], [0.1, 0, 0.7])),
          "membership_values": .tensor(
            TestModel.floats("members", [4], [0.5, -0.25, 1, .nan])),
          "leaf_targetids": .ints([0, 1, 1, 0]),
          "leaf_weights": .tensor(TestModel.floats("weights", [4], [1, -2, 0.5, 0.25])),
          "tree_roots": .ints([0]), "n_targets": .int(2),
        ], opset: 5),
    ]
}

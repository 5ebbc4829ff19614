import ONNXFormat

/// Contract cases of functions of one number, of pairs and of groups.
enum FunctionCases {
  static let all = plain + shaped + groups

  private static let plain =
    [
      "Abs", "Asinh", "Atan", "Cos", "Cosh", "Erf", "Exp", "Neg", "Sin", "Sinh", "Softplus",
      "Softsign",
    ].map { OperatorCase($0, [[1, 9]]) }
    + ["Log", "Reciprocal", "Sqrt"].map { OperatorCase($0, [[1, 9]], positive: [0]) }
    + ["Acos", "Asin", "Atanh", "Tan"].map { OperatorCase($0, [[1, 9]]).within(-0.83...0.81) }
    + [OperatorCase("Acosh", [[1, 9]]).within(1.4...6)]
    + ["Ceil", "Floor", "Round", "Sign"].map { OperatorCase($0, [[1, 9]]) }

  private static let shaped = [
    OperatorCase("Celu", [[1, 9]], ["alpha": .float(0.7)]),
    OperatorCase("Elu", [[1, 9]], ["alpha": .float(1.3)]),
    OperatorCase("Gelu", [[1, 9]], opset: 20),
    OperatorCase("Gelu", [[1, 9]], ["approximate": .string("tanh")], opset: 20),
    OperatorCase("HardSigmoid", [[1, 9]], ["alpha": .float(0.4)]),
    OperatorCase("HardSwish", [[1, 9]]),
    OperatorCase("Mish", [[1, 9]], opset: 18),
    OperatorCase("Selu", [[1, 9]]),
    OperatorCase("Shrink", [[1, 9]], ["lambd": .float(1.1), "bias": .float(0.3)]),
    OperatorCase("ThresholdedRelu", [[1, 9]], ["alpha": .float(0.8)]),
    OperatorCase("PRelu", [[1, 3, 4], [3, 1]]),
    OperatorCase("Pow", [[1, 4], [4]], positive: [0]),
    OperatorCase("Pow", [[1, 3], []], positive: [0]),
    OperatorCase("Max", [[1, 4], [1, 4], [4]], batched: [true, true, false]),
    OperatorCase("Min", [[1, 4], [1, 1]], batched: [true, true]),
    OperatorCase("Sum", [[1, 4], [4]]),
    OperatorCase("Mean", [[1, 4], [4], []]),
    OperatorCase("LogSoftmax", [[1, 5]]),
    OperatorCase("LogSoftmax", [[1, 3, 4]], ["axis": .int(1)]),
    OperatorCase(
      "Where", [[1, 3], [1, 3]],
      parameters: [
        "condition": TestModel.tensor("condition", TestModel.truths([1, 3], [true, false, true]))
      ], batched: [true, true]),
  ]

  private static let groups =
    [
      "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin",
      "ReduceProd", "ReduceSum", "ReduceSumSquare",
    ].flatMap { name in
      [
        OperatorCase(
          name, [[1, 3, 4]], opset: 18, parameters: ["axes": TestModel.ints("axes", [1])]),
        OperatorCase(name, [[1, 3, 4]], ["axes": .ints([-1]), "keepdims": .int(0)], opset: 12),
        OperatorCase(name, [[2, 3]], ["keepdims": .int(0)], opset: 12, batched: []),
      ]
    }
    + [
      OperatorCase("ReduceLogSum", [[1, 5]], ["axes": .ints([1])], opset: 12, positive: [0]),
      OperatorCase(
        "CumSum", [[1, 3, 4]], parameters: ["axis": TestModel.ints("axis", [1])]),
      OperatorCase(
        "CumSum", [[1, 4]], ["exclusive": .int(1), "reverse": .int(1)],
        parameters: ["axis": TestModel.ints("axis", [-1])]),
      OperatorCase("LayerNormalization", [[1, 3, 4], [4], [4]]),
      OperatorCase("LayerNormalization", [[1, 3, 4], [3, 4]], ["axis": .int(1)]),
      OperatorCase("LayerNormalization", [[1, 6], [6], [6]]).with(gradedOutputs: 1, outputs: 3),
      OperatorCase("InstanceNormalization", [[1, 2, 5], [2], [2]]),
      OperatorCase(
        "GroupNormalization", [[1, 4, 3], [2], [2]], ["num_groups": .int(2)], opset: 18),
      OperatorCase(
        "GroupNormalization", [[1, 4, 3], [4], [4]], ["num_groups": .int(2)], opset: 21),
      OperatorCase("MeanVarianceNormalization", [[1, 2, 3, 2]], ["axes": .ints([2, 3])]),
      OperatorCase("LRN", [[1, 4, 2]], ["size": .int(3), "alpha": .float(0.4)]),
      OperatorCase("LpNormalization", [[1, 5]], ["p": .int(1)]),
      OperatorCase("LpNormalization", [[1, 3, 4]], ["axis": .int(1)]),
      OperatorCase(
        "Normalizer", [[1, 5]], ["norm": .string("L2")], opset: 1, domain: "ai.onnx.ml"),
      OperatorCase(
        "Normalizer", [[1, 5]], ["norm": .string("L1")], opset: 1, domain: "ai.onnx.ml"),
      OperatorCase(
        "Normalizer", [[1, 5]], ["norm": .string("MAX")], opset: 1, positive: [0],
        domain: "ai.onnx.ml"),
    ]
}

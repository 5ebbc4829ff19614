import ONNXFormat

/// The calls that every operator must pass; a registered operator without a case fails the suite.
enum OperatorCases {
  static let all: [OperatorCase] =
    activations + arithmetic + convolutions + products + pools + plumbing
    + FunctionCases.all + ShapingCases.all + GridCases.all
    + ClassicalCases.all + LayerCases.all + SignalCases.all

  private static let activations = [
    OperatorCase("Relu", [[1, 3, 4]]),
    OperatorCase("LeakyRelu", [[1, 7]]),
    OperatorCase("LeakyRelu", [[1, 7]], ["alpha": .float(0.3)]),
    OperatorCase("Clip", [[1, 9]], ["min": .float(-1), "max": .float(0.5)], opset: 10),
    OperatorCase(
      "Clip", [[1, 9]],
      parameters: [
        "min": TestModel.floats("min", [], [-1]), "max": TestModel.floats("max", [], [1]),
      ]),
    OperatorCase("Clip", [[1, 9]], parameters: ["max": TestModel.floats("max", [], [1])]),
    OperatorCase("Sigmoid", [[1, 9]]),
    OperatorCase("Tanh", [[1, 9]]),
    OperatorCase("Softmax", [[1, 5]]),
    OperatorCase("Softmax", [[1, 3, 4]], ["axis": .int(1)]),
    OperatorCase("Softmax", [[1, 3, 4]], ["axis": .int(1)], opset: 11),
    OperatorCase("Softmax", [[3, 4]], ["axis": .int(0)], batched: []),
    OperatorCase("Softmax", [[2, 3, 4]], ["axis": .int(0)], opset: 11, batched: []),
  ]

  private static let arithmetic = ["Add", "Sub", "Mul", "Div"].flatMap { operation in
    [
      OperatorCase(operation, [[1, 4], [1, 4]], batched: [true, true], positive: [1]),
      OperatorCase(operation, [[1, 3, 4], [4]], positive: [1]),
      OperatorCase(operation, [[1, 3, 2, 2], [3, 1, 1]], positive: [1]),
      OperatorCase(operation, [[], [1, 5]], batched: [false, true], positive: [1]),
      OperatorCase(operation, [[1, 2, 1, 3], [1, 1, 4, 1]], positive: [1]),
      OperatorCase(operation, [[3], [2, 3]], batched: [], positive: [1]),
    ]
  }

  private static let convolutions = [
    OperatorCase("Conv", [[1, 2, 5, 6], [3, 2, 3, 3]]),
    OperatorCase("Conv", [[1, 2, 5, 6], [3, 2, 3, 2], [3]], ["pads": .ints([1, 0, 2, 1])]),
    OperatorCase(
      "Conv", [[1, 4, 6, 6], [4, 2, 3, 3], [4]],
      ["group": .int(2), "strides": .ints([2, 1]), "auto_pad": .string("SAME_UPPER")]),
    OperatorCase(
      "Conv", [[1, 3, 7, 7], [3, 1, 3, 3], [3]],
      ["group": .int(3), "dilations": .ints([2, 3]), "auto_pad": .string("SAME_LOWER")]),
    OperatorCase("Conv", [[1, 3, 4, 4], [5, 3, 1, 1], [5]]),
    OperatorCase("Conv", [[1, 3, 4, 4], [2, 3, 4, 4], [2]], ["auto_pad": .string("VALID")]),
    OperatorCase(
      "Conv", [[1, 2, 9], [3, 2, 3], [3]],
      ["pads": .ints([2, 1]), "strides": .ints([2]), "kernel_shape": .ints([3])]),
  ]

  private static let products = [
    OperatorCase("Gemm", [[1, 5], [5, 4]]),
    OperatorCase("Gemm", [[1, 5], [4, 5], [4]], ["transB": .int(1)]),
    OperatorCase(
      "Gemm", [[1, 5], [4, 5], [1, 4]],
      ["transB": .int(1), "alpha": .float(0.5), "beta": .float(-2)]),
    OperatorCase(
      "Gemm", [[5, 3], [4, 5], [3, 1]], ["transA": .int(1), "transB": .int(1)], batched: []),
    OperatorCase("Gemm", [[5, 3], [5, 4], []], ["transA": .int(1)], batched: []),
    OperatorCase("MatMul", [[1, 5], [5, 3]]),
    OperatorCase("MatMul", [[1, 2, 5], [5, 3]]),
    OperatorCase("MatMul", [[1, 2, 5], [1, 5, 3]], batched: [true, true]),
    OperatorCase("MatMul", [[1, 2, 3, 5], [2, 5, 3]]),
    OperatorCase("MatMul", [[1, 3, 5], [5]]),
    OperatorCase("MatMul", [[5], [5, 3]], batched: []),
    OperatorCase("MatMul", [[5], [5]], batched: []),
    OperatorCase("MatMul", [[2, 1, 3, 2], [3, 2, 4]], batched: []),
    OperatorCase(
      "BatchNormalization", [[1, 3, 2, 2], [3], [3], [3], [3]], ["epsilon": .float(0.01)],
      positive: [4]),
    OperatorCase("BatchNormalization", [[1, 3], [3], [3], [3], [3]], opset: 9, positive: [4]),
  ]

  private static let pools = [
    OperatorCase(
      "MaxPool", [[1, 2, 5, 6]], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
    OperatorCase(
      "MaxPool", [[1, 2, 5, 6]],
      ["kernel_shape": .ints([3, 2]), "pads": .ints([1, 1, 1, 0]), "dilations": .ints([1, 2])]),
    OperatorCase(
      "MaxPool", [[1, 2, 5, 5]],
      ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2]), "ceil_mode": .int(1)]),
    OperatorCase("MaxPool", [[1, 2, 7]], ["kernel_shape": .ints([3])]),
    OperatorCase(
      "AveragePool", [[1, 2, 5, 6]],
      ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])]),
    OperatorCase(
      "AveragePool", [[1, 2, 5, 6]],
      [
        "kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1]),
        "count_include_pad": .int(1), "ceil_mode": .int(1), "strides": .ints([2, 2]),
      ]),
    OperatorCase(
      "AveragePool", [[1, 2, 7]],
      ["kernel_shape": .ints([2]), "auto_pad": .string("SAME_UPPER"), "strides": .ints([2])]),
    OperatorCase("GlobalAveragePool", [[1, 3, 4, 5]]),
    OperatorCase("GlobalAveragePool", [[1, 3, 4]]),
  ]

  private static let plumbing = [
    OperatorCase("Flatten", [[1, 3, 4]]),
    OperatorCase("Flatten", [[1, 3, 4]], ["axis": .int(-2)]),
    OperatorCase("Flatten", [[2, 3, 4]], ["axis": .int(2)], batched: []),
    OperatorCase("Flatten", [[2, 3]], ["axis": .int(0)], batched: []),
    OperatorCase(
      "Reshape", [[1, 3, 4]], parameters: ["shape": TestModel.ints("shape", [1, 12])]),
    OperatorCase(
      "Reshape", [[1, 3, 4]], parameters: ["shape": TestModel.ints("shape", [-1, 2, 6])]),
    OperatorCase(
      "Reshape", [[1, 3, 4]], parameters: ["shape": TestModel.ints("shape", [0, -1, 2])]),
    OperatorCase(
      "Reshape", [[2, 6]], parameters: ["shape": TestModel.ints("shape", [3, -1])], batched: []),
    OperatorCase("Squeeze", [[1, 3, 1, 1]], ["axes": .ints([2, 3])], opset: 11),
    OperatorCase(
      "Squeeze", [[1, 3, 1]], parameters: ["axes": TestModel.ints("axes", [-1])]),
    OperatorCase("Squeeze", [[1, 3, 1]], batched: []),
    OperatorCase("Unsqueeze", [[1, 3]], ["axes": .ints([1, 3])], opset: 11),
    OperatorCase(
      "Unsqueeze", [[1, 3]], parameters: ["axes": TestModel.ints("axes", [-1])]),
    OperatorCase(
      "Unsqueeze", [[3]], parameters: ["axes": TestModel.ints("axes", [0])], batched: []),
    OperatorCase("Transpose", [[1, 2, 3, 4]], ["perm": .ints([0, 3, 1, 2])]),
    OperatorCase("Transpose", [[2, 3, 4]], batched: []),
    OperatorCase("Identity", [[1, 3]]),
    OperatorCase("Dropout", [[1, 3]], ["ratio": .float(0.5)], opset: 11),
    OperatorCase("Dropout", [[1, 3]], opset: 13),
    OperatorCase("Concat", [[1, 3, 2], [1, 1, 2]], ["axis": .int(1)], batched: [true, true]),
    OperatorCase("Concat", [[1, 3], [1, 3]], ["axis": .int(-1)], batched: [true, true]),
    OperatorCase("Concat", [[2, 3], [1, 3]], ["axis": .int(0)], batched: []),
  ]
}

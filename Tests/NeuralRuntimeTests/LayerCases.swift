import ONNXFormat

/// Contract cases of layers: transposed and spatial convolutions, pools, sums by letters, recurrence.
enum LayerCases {
  static let all = layers + recurrent

  private static let layers = [
    OperatorCase(
      "Conv", [[1, 2, 3, 4, 3], [2, 2, 2, 2, 2], [2]], ["pads": .ints([1, 0, 0, 0, 1, 1])]),
    OperatorCase(
      "ConvTranspose", [[1, 2, 3, 3], [2, 3, 2, 2], [3]], ["strides": .ints([2, 2])]),
    OperatorCase(
      "ConvTranspose", [[1, 4, 5], [4, 2, 3]],
      [
        "group": .int(2), "pads": .ints([1, 0]), "dilations": .ints([2]),
        "output_padding": .ints([0]),
      ]),
    OperatorCase(
      "ConvTranspose", [[1, 1, 3, 3], [1, 2, 3, 3]],
      [
        "strides": .ints([3, 2]), "output_shape": .ints([10, 8]), "output_padding": .ints([1, 1]),
      ]),
    OperatorCase("Einsum", [[2, 3], [3, 4]], ["equation": .string("ij,jk->ik")], batched: []),
    OperatorCase("Einsum", [[2, 3, 3]], ["equation": .string("...ii->...i")], batched: []),
    OperatorCase("Einsum", [[3], [3]], ["equation": .string("i,i")], batched: []),
    OperatorCase("GlobalMaxPool", [[1, 2, 3, 2]]),
    OperatorCase("MaxPool", [[1, 1, 3, 3, 4]], ["kernel_shape": .ints([2, 2, 2])]),
    OperatorCase(
      "AveragePool", [[1, 1, 3, 3, 4]],
      ["kernel_shape": .ints([2, 3, 2]), "pads": .ints([0, 1, 0, 1, 1, 0])]),
    OperatorCase("LpPool", [[1, 2, 5]], ["kernel_shape": .ints([2]), "p": .int(3)]),
    OperatorCase("GlobalLpPool", [[1, 2, 3]], ["p": .int(2)]),
  ]

  private static func recurrent(
    _ name: String, _ gates: Int, _ attributes: [String: ONNXAttribute], directions: Int = 1,
    operands: Int, layout: Bool = false, lengths: [Int]? = nil
  ) -> OperatorCase {
    let (steps, batch, inputs, hidden) = (3, 2, 2, 3)
    let state = layout ? [batch, directions, hidden] : [directions, batch, hidden]
    let shapes = [
      layout ? [batch, steps, inputs] : [steps, batch, inputs],
      [directions, gates * hidden, inputs], [directions, gates * hidden, hidden],
      [directions, 2 * gates * hidden], state, state, [directions, 3 * hidden],
    ]
    return OperatorCase(
      name, Array(shapes.prefix(operands)), attributes,
      parameters: lengths.map { ["sequence_lens": TestModel.ints("lens", $0)] } ?? [:], batched: []
    ).with(outputs: name == "LSTM" ? 3 : 2)
  }

  private static let recurrent = [
    recurrent("RNN", 1, [:], operands: 3),
    recurrent("RNN", 1, ["direction": .string("reverse")], operands: 5, lengths: [3, 2]),
    recurrent(
      "RNN", 1,
      [
        "direction": .string("bidirectional"), "layout": .int(1),
        "activations": .strings(["Softsign", "Affine"]), "activation_alpha": .floats([0.7]),
      ], directions: 2, operands: 4, layout: true),
    recurrent("GRU", 3, [:], operands: 5),
    recurrent("GRU", 3, ["linear_before_reset": .int(1)], operands: 5, lengths: [1, 3]),
    recurrent(
      "GRU", 3, ["direction": .string("bidirectional"), "linear_before_reset": .int(1)],
      directions: 2, operands: 4),
    recurrent("LSTM", 4, [:], operands: 3),
    recurrent("LSTM", 4, ["layout": .int(1)], operands: 7, layout: true),
    recurrent("LSTM", 4, ["input_forget": .int(1)], operands: 6),
    recurrent(
      "LSTM", 4,
      [
        "direction": .string("bidirectional"),
        "activations": .strings([
          "Sigmoid", "Tanh", "ScaledTanh", "HardSigmoid", "Tanh", "Softsign",
        ]),
        "activation_alpha": .floats([0.9, 0.15]), "activation_beta": .floats([0.8, 0.45]),
      ], directions: 2, operands: 7, lengths: [2, 3]),
  ]
}

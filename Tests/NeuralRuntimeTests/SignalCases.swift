import ONNXFormat
import TensorCore

/// Contract cases of transforms of signals, maps of grids, classical linear models and quantised steps.
enum SignalCases {
  static let all: [OperatorCase] = [
    OperatorCase("DFT", [[1, 6, 1]], opset: 17, batched: []),
    OperatorCase("DFT", [[1, 5, 2]], ["inverse": .int(1)], opset: 18, batched: []),
    OperatorCase(
      "DFT", [[2, 4, 3, 1]], ["axis": .int(1), "onesided": .int(1)], opset: 19, batched: []),
    OperatorCase(
      "DFT", [[1, 4, 3, 2]], opset: 20,
      parameters: [
        "axis": TestModel.ints("axis", [1]), "dft_length": TestModel.ints("dft_length", [5]),
      ], batched: []),
    OperatorCase(
      "DFT", [[6, 2]], opset: 20, parameters: ["dft_length": TestModel.ints("dft_length", [3])],
      batched: []),
    OperatorCase(
      "STFT", [[2, 11, 1]],
      parameters: [
        "frame_step": TestModel.ints("frame_step", [2]),
        "window": TestModel.floats("window", [4], [0.2, 0.9, 1, 0.5]),
      ], batched: []),
    OperatorCase(
      "STFT", [[1, 9, 2]], ["onesided": .int(0)],
      parameters: [
        "frame_step": TestModel.ints("frame_step", [3]),
        "frame_length": TestModel.ints("frame_length", [5]),
      ], batched: []),
    OperatorCase(
      "AffineGrid", [[2, 2, 3]], opset: 20,
      parameters: ["size": TestModel.ints("size", [2, 1, 3, 4])], batched: []),
    OperatorCase(
      "AffineGrid", [[1, 3, 4]], ["align_corners": .int(1)], opset: 20,
      parameters: ["size": TestModel.ints("size", [1, 2, 2, 1, 3])], batched: []),
    OperatorCase(
      "Col2Im", [[1, 8, 4]], opset: 18,
      parameters: [
        "image_shape": TestModel.ints("image_shape", [3, 3]),
        "block_shape": TestModel.ints("block_shape", [2, 2]),
      ], batched: []),
    OperatorCase(
      "Col2Im", [[2, 3, 3]],
      ["pads": .ints([1, 0]), "strides": .ints([2]), "dilations": .ints([2])], opset: 18,
      parameters: [
        "image_shape": TestModel.ints("image_shape", [8]),
        "block_shape": TestModel.ints("block_shape", [3]),
      ], batched: []),
    OperatorCase(
      "QuantizeLinear", [[1, 9]],
      parameters: [
        "scale": TestModel.floats("scale", [], [0.125]),
        "zero_point": TestModel.tensor("zero", Tensor(shape: [], elements: [Int8(3)])),
      ]
    ).with(ungraded: [0]),
    OperatorCase(
      "QuantizeLinear", [[1, 2, 4]], ["axis": .int(1)],
      parameters: ["scale": TestModel.floats("scale", [2], [0.01, 1])]
    ).with(ungraded: [0]),
    OperatorCase(
      "DequantizeLinear", [[1, 2, 4]], ["axis": .int(1)],
      parameters: [
        "scale": TestModel.floats("scale", [2], [0.5, 2]),
        "zero_point": TestModel.tensor("zero", Tensor(shape: [2], elements: [UInt8(7), 128])),
      ]),
  ]
}

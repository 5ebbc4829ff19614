import ONNXFormat

/// Contract cases of operators that move elements about.
enum ShapingCases {
  private static func ints(_ name: String, _ values: [Int]) -> ONNXTensor {
    TestModel.ints(name, values)
  }

  private static func indices(_ shape: [Int], _ values: [Int]) -> ONNXTensor {
    TestModel.tensor("indices", TestModel.integers(shape, values))
  }

  static let all = [
    OperatorCase("Cast", [[1, 2, 3]], ["to": .int(1)]),
    OperatorCase("Cast", [[1, 4]], ["to": .int(11)]),
    OperatorCase(
      "Slice", [[1, 5, 4]],
      parameters: [
        "starts": ints("starts", [3, -1]), "ends": ints("ends", [0, -10]),
        "axes": ints("axes", [1, 2]), "steps": ints("steps", [-1, -2]),
      ]),
    OperatorCase(
      "Slice", [[1, 5]], ["starts": .ints([1]), "ends": .ints([9]), "axes": .ints([1])], opset: 9),
    OperatorCase("Split", [[1, 6]], ["axis": .int(1)], opset: 12).with(outputs: 3),
    OperatorCase(
      "Split", [[1, 2, 5]], ["axis": .int(2)], parameters: ["split": ints("split", [1, 4])]
    ).with(outputs: 2),
    OperatorCase("Expand", [[1, 3, 1]], parameters: ["shape": ints("shape", [3, 4])]),
    OperatorCase("Tile", [[1, 3]], parameters: ["repeats": ints("repeats", [1, 2])]),
    OperatorCase(
      "Pad", [[1, 3, 4]], ["mode": .string("reflect")],
      parameters: ["pads": ints("pads", [0, 1, 2, 0, 0, 1])]),
    OperatorCase(
      "Pad", [[1, 4]],
      parameters: [
        "pads": ints("pads", [0, 1, 0, -1]), "value": TestModel.floats("value", [], [2]),
      ]),
    OperatorCase(
      "Pad", [[1, 4]], ["mode": .string("edge"), "pads": .ints([0, 2, 0, 1])], opset: 10),
    OperatorCase(
      "Pad", [[1, 4]], ["mode": .string("wrap")], opset: 19,
      parameters: ["pads": ints("pads", [0, 2, 0, 1])]),
    OperatorCase("DepthToSpace", [[1, 8, 2, 3]], ["blocksize": .int(2)]),
    OperatorCase(
      "DepthToSpace", [[1, 8, 2, 3]], ["blocksize": .int(2), "mode": .string("CRD")]),
    OperatorCase("SpaceToDepth", [[1, 2, 4, 2]], ["blocksize": .int(2)]),
    OperatorCase("Trilu", [[1, 3, 4]], ["upper": .int(0)]),
    OperatorCase(
      "CenterCropPad", [[1, 5, 2]], ["axes": .ints([1, 2])], opset: 18,
      parameters: ["shape": ints("shape", [3, 5])]),
    OperatorCase(
      "ReverseSequence", [[2, 3, 2]],
      parameters: ["sequence_lens": ints("lens", [2, 1, 2])], batched: []),
    OperatorCase(
      "Gather", [[1, 4, 2]], ["axis": .int(1)],
      parameters: ["indices": indices([2, 2], [0, -1, 3, 0])]),
    OperatorCase(
      "GatherElements", [[1, 4]], ["axis": .int(1)],
      parameters: ["indices": indices([1, 3], [3, 0, 3])]),
    OperatorCase(
      "GatherND", [[3, 4]],
      parameters: ["indices": indices([2, 2], [0, 1, -1, 2])], batched: []),
    OperatorCase("TopK", [[1, 7]], parameters: ["k": ints("k", [3])]),
    OperatorCase(
      "TopK", [[1, 5, 3]], ["axis": .int(1), "largest": .int(0)],
      parameters: ["k": ints("k", [2])]),
    OperatorCase(
      "TopK", [[1, 6]], ["sorted": .int(0)], opset: 11, parameters: ["k": ints("k", [4])]),
    OperatorCase("TopK", [[1, 6]], ["k": .int(2)], opset: 9),
    OperatorCase(
      "TopK", [[4, 2]], ["axis": .int(0)], parameters: ["k": ints("k", [2])], batched: []),
    OperatorCase(
      "ScatterElements", [[3, 3], [2, 3]],
      parameters: ["indices": indices([2, 3], [1, 0, 2, 0, 2, 1])], batched: []),
    OperatorCase(
      "ScatterElements", [[1, 5], [1, 3]], ["axis": .int(1), "reduction": .string("add")],
      opset: 16, parameters: ["indices": indices([1, 3], [1, 1, -1])], batched: []),
    OperatorCase(
      "Scatter", [[3, 3], [2, 3]], opset: 10,
      parameters: ["indices": indices([2, 3], [1, 0, 2, 0, 2, 1])], batched: []),
    OperatorCase(
      "ScatterND", [[4, 2], [2, 2]],
      parameters: ["indices": indices([2, 1], [3, 1])], batched: []),
    OperatorCase(
      "ScatterND", [[4, 2], [2, 2]], ["reduction": .string("add")], opset: 16,
      parameters: ["indices": indices([2, 1], [1, 1])], batched: []),
    OperatorCase(
      "Resize", [[1, 2, 4]], ["mode": .string("linear")],
      parameters: ["scales": TestModel.floats("scales", [3], [1, 1, 1.7])], batched: []),
    OperatorCase(
      "Resize", [[1, 1, 4, 3]], ["mode": .string("cubic")],
      parameters: ["sizes": ints("sizes", [1, 1, 3, 5])], batched: []),
    OperatorCase(
      "Upsample", [[1, 1, 2, 2]], opset: 9,
      parameters: ["scales": TestModel.floats("scales", [4], [1, 1, 2, 3])], batched: []),
  ]
}

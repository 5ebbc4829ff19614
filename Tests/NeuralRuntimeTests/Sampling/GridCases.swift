import ONNXFormat

/// Contract cases of operators that read a tensor at places that another tensor names.
enum GridCases {
  private static func sample(
    _ mode: String, _ padding: String, aligned: Bool,
    _ shapes: [[Int]] = [[1, 2, 4, 3], [1, 2, 3, 2]],
    opset: Int = 20, batched: [Bool]? = [true, true]
  ) -> OperatorCase {
    OperatorCase(
      "GridSample", shapes,
      [
        "mode": .string(mode), "padding_mode": .string(padding),
        "align_corners": .int(aligned ? 1 : 0),
      ], opset: opset, batched: batched)
  }

  static let all =
    ["zeros", "border", "reflection"].flatMap { padding in
      [true, false].flatMap { aligned in
        ["nearest", "linear", "cubic"].map { sample($0, padding, aligned: aligned) }
      }
    } + [
      sample("bilinear", "zeros", aligned: false, opset: 16),
      sample("bicubic", "reflection", aligned: true, opset: 16, batched: [true, false]),
      sample("linear", "border", aligned: false, batched: [false, true]),
      sample(
        "linear", "reflection", aligned: true, [[1, 2, 6], [1, 5, 1]], batched: [true, false]),
      sample("cubic", "zeros", aligned: true, [[1, 1, 7], [1, 4, 1]]),
      sample("linear", "zeros", aligned: true, [[1, 2, 2, 3, 4], [1, 2, 1, 3, 3]]),
      sample("cubic", "border", aligned: false, [[1, 1, 3, 2, 3], [1, 2, 1, 2, 3]]),
      sample("nearest", "zeros", aligned: true, [[1, 1, 3, 2, 3], [1, 2, 1, 2, 3]]),
      sample("linear", "reflection", aligned: true, [[1, 1, 1, 3], [1, 2, 3, 2]]),
      sample("linear", "border", aligned: true, [[2, 1, 3, 3], [2, 2, 2, 2]], batched: []),
    ]
}

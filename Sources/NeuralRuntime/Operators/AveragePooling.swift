package import EngineSupport
package import TensorCore

/// AveragePool over one or two spatial axes, and GlobalAveragePool: sums in ascending order, divided once.
package struct AveragePooling: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature(
      "AveragePool",
      attributes: SlidingWindow.attributes.union(["ceil_mode", "count_include_pad"])),
    OperatorSignature("GlobalAveragePool"),
  ]

  /// nil averages whole planes.
  private let window: SlidingWindow?
  private let countsPadding: Bool
  private let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    window = node.operation == "GlobalAveragePool" ? nil : try SlidingWindow(node)
    countsPadding = try node.flag("count_include_pad")
  }

  private func geometry(_ input: [Int]) throws(Diagnostic) -> WindowGeometry {
    if let window { return try window.geometry(input: input, padBelowKernel: true) }
    guard input.count >= 3 else { throw node.mismatch("\(input) has no spatial axes") }
    let plane = input[2...].reduce(1, *)
    return WindowGeometry(
      height: WindowGeometry.Axis(input: 1, kernel: 1, output: 1),
      width: WindowGeometry.Axis(input: plane, kernel: plane, output: 1))
  }

  private func outputShape(_ input: [Int], _ geometry: WindowGeometry) -> [Int] {
    let spatial =
      window == nil
      ? Array(repeating: 1, count: input.count - 2) : geometry.outputShape(rank: input.count)
    return Array(input.prefix(2)) + spatial
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    [outputShape(operands[0], try geometry(operands[0]))]
  }

  package func rowwise(_ operands: [OperandShape]) -> Self? { self }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    outputs[0].reduce(1, *) * ((try? geometry(operands[0]))?.reach ?? 1)
  }

  /// The windows along one axis: the taps on the input and how many elements the average counts.
  private func windows(_ axis: WindowGeometry.Axis) -> [(taps: Range<Int>, count: Int)] {
    (0..<axis.output).map { position in
      let taps = axis.tapsInside(position)
      guard countsPadding else { return (taps, taps.count) }
      // A window that rounding up let reach past the padding counts only what was padded.
      let room = axis.input + axis.padAfter - axis.source(position, 0)
      return (taps, min(axis.kernel, (room + axis.dilation - 1) / axis.dilation))
    }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let shape = operands[0].shape
    guard let geometry = try? geometry(shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let x = operands[0].elements
    let rows = windows(geometry.height)
    let columns = windows(geometry.width)
    let planes = shape[0] * shape[1]
    var y = [S](repeating: 0, count: planes * geometry.outputPlane)
    var output = 0
    for plane in 0..<planes {
      for (outputY, row) in rows.enumerated() {
        for (outputX, column) in columns.enumerated() {
          var sum: S = 0
          for tapY in row.taps {
            let line =
              (plane * geometry.height.input + geometry.height.source(outputY, tapY))
              * geometry.width.input
            for tapX in column.taps { sum += x[line + geometry.width.source(outputX, tapX)] }
          }
          y[output] = sum / S(max(row.count * column.count, 1))
          output += 1
        }
      }
    }
    return [Tensor(shape: outputShape(shape, geometry), elements: y)]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let shape = record.operands[0].shape
    guard let geometry = try? geometry(shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let g = cotangents[0].elements
    let rows = windows(geometry.height)
    let columns = windows(geometry.width)
    var gradient = [S](repeating: 0, count: record.operands[0].count)
    var output = 0
    for plane in 0..<shape[0] * shape[1] {
      for (outputY, row) in rows.enumerated() {
        for (outputX, column) in columns.enumerated() {
          let share = g[output] / S(max(row.count * column.count, 1))
          for tapY in row.taps {
            let line =
              (plane * geometry.height.input + geometry.height.source(outputY, tapY))
              * geometry.width.input
            for tapX in column.taps {
              gradient[line + geometry.width.source(outputX, tapX)] += share
            }
          }
          output += 1
        }
      }
    }
    return [Tensor(shape: shape, elements: gradient)]
  }
}

package import EngineSupport
package import TensorCore

/// AveragePool over one to three spatial axes, and GlobalAveragePool: sums in ascending order, divided once.
package struct AveragePooling: AffineOperator {
  package static let signatures = [
    OperatorSignature(
      "AveragePool",
      attributes: SlidingWindow.attributes.union(["ceil_mode", "count_include_pad"])),
    OperatorSignature("GlobalAveragePool"),
  ]

  package let node: OperatorNode
  let window: PoolingWindow
  private let countsPadding: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    window = try PoolingWindow(node)
    countsPadding = try node.flag("count_include_pad")
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    [try window.outputShape(operands[0])]
  }

  package func isAffine(in varying: [Bool]) -> Bool { true }

  package func roundings(for operands: [[Int]]) -> Int {
    window.plannedGeometry(operands[0]).reach + 1
  }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    forward([operands[0].magnitudes], by: .fastest)
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    window.work(operands[0], output: outputs[0])
  }

  /// How many elements the average of a window counts along one axis.
  private func count(_ axis: WindowGeometry.Axis, _ position: Int, _ taps: Range<Int>) -> Int {
    guard countsPadding else { return taps.count }
    // A window that rounding up let reach past the padding counts only what was padded.
    let room = axis.input + axis.padAfter - axis.source(position, 0)
    return min(axis.kernel, (room + axis.dilation - 1) / axis.dilation)
  }

  /// How many elements each window counts along an axis.
  func counts(_ axis: WindowGeometry.Axis) -> [Int] {
    (0..<axis.output).map { count(axis, $0, axis.tapsInside($0)) }
  }

  private func divisor(_ taps: PoolingWindow.Taps, _ geometry: WindowGeometry) -> Int {
    max(
      count(geometry.depth, taps.position.z, taps.z)
        * count(geometry.height, taps.position.y, taps.y)
        * count(geometry.width, taps.position.x, taps.x), 1)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let shape = operands[0].shape
    let geometry = window.plannedGeometry(shape)
    let x = operands[0].elements
    var y: [S] = []
    y.reserveCapacity(shape[0] * shape[1] * geometry.outputPlane)
    window.forEachWindow(geometry, planes: shape[0] * shape[1]) { taps in
      var sum: S = 0
      for z in taps.z {
        for row in taps.y {
          for column in taps.x { sum += x[taps.index(z, row, column)] }
        }
      }
      y.append(sum / S(divisor(taps, geometry)))
    }
    return [Tensor(shape: window.plannedShape(shape), elements: y)]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let shape = record.operands[0].shape
    let geometry = window.plannedGeometry(shape)
    let g = cotangents[0].elements
    var gradient = [S](repeating: 0, count: record.operands[0].count)
    var output = 0
    window.forEachWindow(geometry, planes: shape[0] * shape[1]) { taps in
      let share = g[output] / S(divisor(taps, geometry))
      output += 1
      for z in taps.z {
        for row in taps.y {
          for column in taps.x { gradient[taps.index(z, row, column)] += share }
        }
      }
    }
    return [Tensor(shape: shape, elements: gradient)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let terms = window.plannedGeometry(operands[0].shape).reach + 1
    return [
      operands[0].bounding(terms: terms) { forward([$0], by: .fastest)[0] }
    ]
  }
}

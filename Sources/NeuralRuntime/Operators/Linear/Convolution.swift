package import EngineSupport
package import TensorCore

/// Conv over one to three spatial axes, with groups, strides, dilations and padding.
///
/// Each output is one chain of fused multiply-adds from the bias over (channel, kernel depth, row, column).
package struct Convolution: BilinearOperator {
  package static let signatures = [
    OperatorSignature(
      "Conv", operands: 2...3, attributes: SlidingWindow.attributes.union(["group"]))
  ]

  private let window: SlidingWindow
  let groups: Int
  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    window = try SlidingWindow(node)
    groups = try node.int("group") ?? 1
    guard groups >= 1, groups <= NetworkLimits.elements else {
      throw node.invalidAttribute("group", "at least 1")
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let (input, weight) = (operands[0], operands[1])
    guard input.count == weight.count, (3...5).contains(input.count) else {
      throw node.unsupported(
        "input \(input) and weight \(weight) must both have rank 3, 4 or 5")
    }
    guard weight[0] % groups == 0, weight[1] * groups == input[1] else {
      throw node.mismatch("weight \(weight) in \(groups) groups does not fit the input \(input)")
    }
    guard operands.count < 3 || operands[2] == [weight[0]] else {
      throw node.mismatch("bias \(operands[2]) does not have \(weight[0]) elements")
    }
    let geometry = try window.geometry(input: input, weight: Array(weight.dropFirst(2)))
    // The windows of one group are laid out as a matrix while the operator runs.
    let columns = [weight[1], geometry.kernelPlane, geometry.outputPlane]
    guard NetworkLimits.elementCount(columns) != nil else {
      throw Diagnostic(
        "onnx.shape.too-large", "Conv: its windows hold too many elements", at: node.location)
    }
    return [[input[0], weight[0]] + geometry.outputShape(rank: input.count)]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    operands.onlyFirstIsBatched ? self : nil
  }

  package func terms(for operands: [[Int]]) -> Int { operands[1][1...].reduce(1, *) }

  package func row(
    of output: Int, operands: [Tensor<Double>]
  ) -> [(source: Int, factor: Double)]? {
    let size = sizes(operands[0].shape, operands[1].shape)
    let geometry = size.geometry
    let position = output % size.positions
    let channel = output / size.positions % (size.outputs * groups)
    let plane = geometry.height.output * geometry.width.output
    let (layer, line, column) = (
      position / plane, position / geometry.width.output % geometry.height.output,
      position % geometry.width.output
    )
    var entries: [(source: Int, factor: Double)] = []
    for input in 0..<size.inputs {
      let start =
        output / (size.outputs * groups * size.positions) * size.imageStride
        + channel / size.outputs * size.groupStride + input * geometry.inputPlane
      for tapZ in geometry.depth.tapsInside(layer) {
        for tapY in geometry.height.tapsInside(line) {
          for tapX in geometry.width.tapsInside(column) {
            let tap = (tapZ * geometry.height.kernel + tapY) * geometry.width.kernel + tapX
            let place =
              (geometry.depth.source(layer, tapZ) * geometry.height.input
                + geometry.height.source(line, tapY)) * geometry.width.input
              + geometry.width.source(column, tapX)
            entries.append(
              (
                start + place,
                operands[1].elements[channel * size.taps + input * geometry.kernelPlane + tap]
              ))
          }
        }
      }
    }
    return entries
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    outputs[0].reduce(1, *) * operands[1][1...].reduce(1, *)
  }

  /// How the windows lie on an input whose shape was checked.
  func geometry(_ input: [Int], _ weight: [Int]) -> WindowGeometry {
    guard let geometry = try? window.geometry(input: input, weight: Array(weight.dropFirst(2)))
    else { preconditionFailure("shapes were checked when the network was planned") }
    return geometry
  }

  /// The sizes of one call.
  private struct Sizes {
    var geometry: WindowGeometry
    var batch: Int
    var inputs: Int
    var outputs: Int
    var taps: Int
    var positions: Int
    var imageStride: Int
    var groupStride: Int
  }

  private func sizes(_ input: [Int], _ weight: [Int]) -> Sizes {
    let geometry = geometry(input, weight)
    return Sizes(
      geometry: geometry, batch: input[0], inputs: weight[1], outputs: weight[0] / groups,
      taps: weight[1] * geometry.kernelPlane, positions: geometry.outputPlane,
      imageStride: input[1] * geometry.inputPlane, groupStride: weight[1] * geometry.inputPlane)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let size = sizes(operands[0].shape, operands[1].shape)
    let image = operands[0].elements
    let weight = operands[1].elements
    let channels = size.outputs * groups
    var y = [S](repeating: 0, count: size.batch * channels * size.positions)
    if operands.count == 3 {
      let bias = operands[2].elements
      for plane in 0..<size.batch * channels {
        let value = bias[plane % channels]
        for i in plane * size.positions..<(plane + 1) * size.positions { y[i] = value }
      }
    }
    let isPointwise = size.geometry.isPointwise
    var columns = [S](repeating: 0, count: isPointwise ? 0 : size.taps * size.positions)
    for row in 0..<size.batch {
      for group in 0..<groups {
        let start = row * size.imageStride + group * size.groupStride
        if !isPointwise {
          size.geometry.writeColumns(of: image, from: start, channels: size.inputs, to: &columns)
        }
        S.addProduct(
          rows: size.outputs, columns: size.positions, depth: size.taps,
          of: weight,
          MatrixLayout(offset: group * size.outputs * size.taps, rowStride: size.taps),
          and: isPointwise ? image : columns,
          MatrixLayout(offset: isPointwise ? start : 0, rowStride: size.positions),
          to: &y, outputLayout(row, group, size), by: path)
      }
    }
    let spatial = size.geometry.outputShape(rank: operands[0].rank)
    return [Tensor(shape: [size.batch, channels] + spatial, elements: y)]
  }

  private func outputLayout(_ row: Int, _ group: Int, _ size: Sizes) -> MatrixLayout {
    MatrixLayout(
      offset: (row * groups + group) * size.outputs * size.positions, rowStride: size.positions)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let operands = record.operands
    let size = sizes(operands[0].shape, operands[1].shape)
    let g = cotangents[0].elements
    var gradients: [Tensor<S>?] = Array(repeating: nil, count: operands.count)
    if record.needsGradient[0] {
      gradients[0] = inputGradient(g, operands, size, by: path)
    }
    if record.needsGradient[1] {
      gradients[1] = weightGradient(g, operands, size, by: path)
    }
    if operands.count == 3, record.needsGradient[2] {
      let channels = size.outputs * groups
      var sums = [S](repeating: 0, count: channels)
      for plane in 0..<size.batch * channels {
        for i in plane * size.positions..<(plane + 1) * size.positions {
          sums[plane % channels] += g[i]
        }
      }
      gradients[2] = Tensor(shape: [channels], elements: sums)
    }
    return gradients
  }

  /// Columns of Wᵀ·g, added back to the image.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func inputGradient<S: KernelScalar>(
    _ g: [S], _ operands: [Tensor<S>], _ size: Sizes, by path: KernelPath
  ) -> Tensor<S> {
    let weight = operands[1].elements
    var image = [S](repeating: 0, count: operands[0].count)
    var columns = [S](repeating: 0, count: size.taps * size.positions)
    for row in 0..<size.batch {
      for group in 0..<groups {
        for i in columns.indices { columns[i] = 0 }
        let weights = MatrixLayout(
          offset: group * size.outputs * size.taps, rowStride: size.taps)
        S.addProduct(
          rows: size.taps, columns: size.positions, depth: size.outputs,
          of: weight, weights.transposed, and: g, outputLayout(row, group, size),
          to: &columns, MatrixLayout(rowStride: size.positions), by: path)
        size.geometry.addColumns(
          columns, channels: size.inputs, to: &image,
          from: row * size.imageStride + group * size.groupStride)
      }
    }
    return Tensor(shape: operands[0].shape, elements: image)
  }

  /// g · columnsᵀ, rows of the batch in ascending order.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func weightGradient<S: KernelScalar>(
    _ g: [S], _ operands: [Tensor<S>], _ size: Sizes, by path: KernelPath
  ) -> Tensor<S> {
    let image = operands[0].elements
    var weight = [S](repeating: 0, count: operands[1].count)
    var columns = [S](repeating: 0, count: size.taps * size.positions)
    for row in 0..<size.batch {
      for group in 0..<groups {
        size.geometry.writeColumns(
          of: image, from: row * size.imageStride + group * size.groupStride,
          channels: size.inputs, to: &columns)
        S.addProduct(
          rows: size.outputs, columns: size.taps, depth: size.positions,
          of: g, outputLayout(row, group, size),
          and: columns, MatrixLayout(rowStride: size.positions).transposed,
          to: &weight,
          MatrixLayout(offset: group * size.outputs * size.taps, rowStride: size.taps), by: path)
      }
    }
    return Tensor(shape: operands[1].shape, elements: weight)
  }
}

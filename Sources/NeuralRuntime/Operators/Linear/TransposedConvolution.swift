package import EngineSupport
package import TensorCore

/// ConvTranspose over one to three spatial axes: the adjoint of Conv, with groups, strides, dilations,
/// padding and output padding.
package struct TransposedConvolution: BilinearOperator {
  package static let signatures = [
    OperatorSignature(
      "ConvTranspose", operands: 2...3,
      attributes: SlidingWindow.attributes.union(["group", "output_padding", "output_shape"]))
  ]

  package let node: OperatorNode
  private let groups: Int
  private let strides: [Int]?
  private let dilations: [Int]?
  private let pads: [Int]?
  private let outputPadding: [Int]?
  private let outputShape: [Int]?
  private let autoPad: String

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    func lengths(_ name: String, from least: Int) throws(Diagnostic) -> [Int]? {
      guard let values = try node.ints(name) else { return nil }
      guard values.allSatisfy({ $0 >= least && $0 <= NetworkLimits.elements }) else {
        throw node.invalidAttribute(name, "a list of integers from \(least)")
      }
      return values
    }
    groups = try node.int("group") ?? 1
    strides = try lengths("strides", from: 1)
    dilations = try lengths("dilations", from: 1)
    pads = try lengths("pads", from: 0)
    outputPadding = try lengths("output_padding", from: 0)
    outputShape = try lengths("output_shape", from: 1)
    autoPad = try node.string("auto_pad") ?? "NOTSET"
    guard ["NOTSET", "", "VALID", "SAME_UPPER", "SAME_LOWER"].contains(autoPad) else {
      throw node.invalidAttribute("auto_pad", "NOTSET, VALID, SAME_UPPER or SAME_LOWER")
    }
    guard groups >= 1, groups <= NetworkLimits.elements else {
      throw node.invalidAttribute("group", "at least 1")
    }
  }

  /// The geometry of the convolution whose adjoint this is: its input is our output.
  private func geometry(_ input: [Int], _ weight: [Int]) throws(Diagnostic) -> WindowGeometry {
    let rank = input.count - 2
    guard (1...3).contains(rank), weight.count == input.count,
      [strides, dilations, outputPadding].allSatisfy({ ($0?.count ?? rank) == rank }),
      (pads?.count ?? 2 * rank) == 2 * rank
    else { throw node.unsupported("an input of \(input) and a weight of \(weight)") }
    let wanted = outputShape.map { Array($0.suffix(rank)) }
    guard wanted.map(\.count) ?? rank == rank else {
      throw node.mismatch("output_shape needs \(rank) numbers")
    }
    var axes: [WindowGeometry.Axis] = []
    for axis in 0..<rank {
      let (stride, dilation) = (strides?[axis] ?? 1, dilations?[axis] ?? 1)
      let kernel = weight[axis + 2]
      let full =
        (input[axis + 2] - 1) * stride + (outputPadding?[axis] ?? 0) + (kernel - 1) * dilation + 1
      var before = pads?[axis] ?? 0
      var after = pads?[axis + rank] ?? 0
      let isSame = autoPad.hasPrefix("SAME")
      if let target = wanted?[axis] ?? (isSame ? input[axis + 2] * stride : nil) {
        let total = max(full - target, 0)
        before = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2
        if !isSame { before = total / 2 }
        after = total - before
        // Without padding to take away, the room at the end grows.
        after -= max(target - full, 0)
      }
      let output = full - before - after
      guard output >= 1, output <= NetworkLimits.elements else {
        throw node.mismatch("the padding takes away more than there is")
      }
      axes.append(
        WindowGeometry.Axis(
          input: output, kernel: kernel, stride: stride, dilation: dilation, padBefore: before,
          padAfter: max(after, 0), output: input[axis + 2]))
    }
    while axes.count < 3 {
      axes.insert(WindowGeometry.Axis(input: 1, kernel: 1, output: 1), at: 0)
    }
    return WindowGeometry(depth: axes[0], height: axes[1], width: axes[2])
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let (input, weight) = (operands[0], operands[1])
    let geometry = try geometry(input, weight)
    guard input[1] == weight[0], input[1] % groups == 0 else {
      throw node.mismatch("weight \(weight) in \(groups) groups does not fit the input \(input)")
    }
    guard operands.count < 3 || operands[2] == [weight[1] * groups] else {
      throw node.mismatch("bias \(operands[2]) does not have \(weight[1] * groups) elements")
    }
    guard
      NetworkLimits.elementCount([weight[1], geometry.kernelPlane, geometry.outputPlane]) != nil
    else {
      throw Diagnostic(
        "onnx.shape.too-large", "ConvTranspose: its windows hold too many elements",
        at: node.location)
    }
    let spatial = [geometry.depth.input, geometry.height.input, geometry.width.input]
    return [[input[0], weight[1] * groups] + spatial.suffix(input.count - 2)]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    operands.onlyFirstIsBatched ? self : nil
  }

  package func terms(for operands: [[Int]]) -> Int { operands[1].reduce(1, *) }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    operands[0].reduce(1, *) * operands[1][1...].reduce(1, *)
  }

  private struct Sizes {
    var geometry: WindowGeometry
    var batch: Int
    /// Channels of one group.
    var inputs: Int
    var outputs: Int
    var taps: Int
    var positions: Int
  }

  private func sizes(_ operands: [[Int]]) -> Sizes {
    guard let geometry = try? geometry(operands[0], operands[1]) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return Sizes(
      geometry: geometry, batch: operands[0][0], inputs: operands[0][1] / groups,
      outputs: operands[1][1], taps: operands[1][1] * geometry.kernelPlane,
      positions: geometry.outputPlane)
  }

  private func inputLayout(_ row: Int, _ group: Int, _ size: Sizes) -> MatrixLayout {
    MatrixLayout(
      offset: (row * groups + group) * size.inputs * size.positions, rowStride: size.positions)
  }

  private func weightLayout(_ group: Int, _ size: Sizes) -> MatrixLayout {
    MatrixLayout(offset: group * size.inputs * size.taps, rowStride: size.taps)
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let size = sizes(operands.map(\.shape))
    guard let shape = try? outputShapes(for: operands.map(\.shape))[0] else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let plane = size.geometry.inputPlane
    let channels = size.outputs * groups
    var y = [S](repeating: 0, count: shape.reduce(1, *))
    if operands.count == 3 {
      for i in y.indices { y[i] = operands[2].elements[i / plane % channels] }
    }
    var columns = [S](repeating: 0, count: size.taps * size.positions)
    for row in 0..<size.batch {
      for group in 0..<groups {
        for i in columns.indices { columns[i] = 0 }
        S.addProduct(
          rows: size.taps, columns: size.positions, depth: size.inputs, of: operands[1].elements,
          weightLayout(group, size).transposed, and: operands[0].elements,
          inputLayout(row, group, size), to: &columns, MatrixLayout(rowStride: size.positions),
          by: path)
        size.geometry.addColumns(
          columns, channels: size.outputs, to: &y,
          from: (row * groups + group) * size.outputs * plane)
      }
    }
    return [Tensor(shape: shape, elements: y)]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let operands = record.operands
    let size = sizes(operands.map(\.shape))
    let g = cotangents[0].elements
    let plane = size.geometry.inputPlane
    var input = [S](repeating: 0, count: operands[0].count)
    var weight = [S](repeating: 0, count: operands[1].count)
    var columns = [S](repeating: 0, count: size.taps * size.positions)
    for row in 0..<size.batch {
      for group in 0..<groups {
        size.geometry.writeColumns(
          of: g, from: (row * groups + group) * size.outputs * plane, channels: size.outputs,
          to: &columns)
        let layout = MatrixLayout(rowStride: size.positions)
        if record.needsGradient[0] {
          S.addProduct(
            rows: size.inputs, columns: size.positions, depth: size.taps, of: operands[1].elements,
            weightLayout(group, size), and: columns, layout, to: &input,
            inputLayout(row, group, size), by: path)
        }
        if record.needsGradient[1] {
          S.addProduct(
            rows: size.inputs, columns: size.taps, depth: size.positions, of: operands[0].elements,
            inputLayout(row, group, size), and: columns, layout.transposed, to: &weight,
            weightLayout(group, size), by: path)
        }
      }
    }
    var sums = [S](repeating: 0, count: operands.count > 2 ? operands[2].count : 0)
    if !sums.isEmpty { for i in g.indices { sums[i / plane % sums.count] += g[i] } }
    return [input, weight, sums].prefix(operands.count).enumerated().map { index, gradient in
      record.needsGradient[index]
        ? Tensor(shape: operands[index].shape, elements: gradient) : nil
    }
  }
}

import CKernels
import TensorCore

/// Products and convolutions with constant weights.
extension GeneralMatrixProduct: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    guard alpha == 1, !transposesLeft, let x = lowering.buffer(step.operands[0]),
      let weights = lowering.constant(step.operands[1])
    else { return false }
    let rows = lowering.shape(step.operands[0])[0]
    let columns = weights.shape[transposesRight ? 0 : 1]
    let depth = weights.shape[transposesRight ? 1 : 0]
    var bias: DualTensor?
    if step.operands.count == 3 {
      guard let constant = lowering.constant(step.operands[2]),
        let row = Self.row(constant, columns)
      else { return false }
      let (float, double) = (Float(beta), beta)
      bias = DualTensor(
        float: Tensor(shape: [columns], elements: row.float.elements.map { float * $0 }),
        double: Tensor(shape: [columns], elements: row.double.elements.map { double * $0 }))
    }
    let layer = AffineLayer(
      weights: weights, bias: bias, transposesRight ? .byChannel : .interleaved,
      channels: columns, axis: 1, outputShape: [rows, columns])
    lowering.addProduct(
      layer, step, at: index, x: x, rows: rows, depth: depth,
      layout: transposesRight
        ? MatrixLayout(rowStride: 1, columnStride: depth) : MatrixLayout(rowStride: columns))
    return true
  }

  /// C as one value for each column; nil where it differs from row to row.
  private static func row(_ constant: DualTensor, _ columns: Int) -> DualTensor? {
    if constant.float.count == 1 {
      return DualTensor(
        float: Tensor(repeating: constant.float.elements[0], shape: [columns]),
        double: Tensor(repeating: constant.double.elements[0], shape: [columns]))
    }
    guard constant.shape == [columns] || constant.shape == [1, columns] else { return nil }
    return constant
  }
}

extension MatrixMultiplication: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    guard let x = lowering.buffer(step.operands[0]),
      let weights = lowering.constant(step.operands[1])
    else { return false }
    let left = lowering.shape(step.operands[0])
    let right = weights.shape
    let output = lowering.shape(step.results[0])
    guard left.count >= 2, right.count >= 2, right.count <= max(left.count, 2),
      right.dropLast(2).allSatisfy({ $0 == 1 })
    else { return false }
    let (depth, columns) = (right[right.count - 2], right[right.count - 1])
    let layer = AffineLayer(
      weights: weights, bias: nil, .interleaved, channels: columns, axis: output.count - 1,
      outputShape: output)
    lowering.addProduct(
      layer, step, at: index, x: x, rows: left.dropLast().reduce(1, *), depth: depth,
      layout: MatrixLayout(rowStride: columns))
    return true
  }
}

extension Lowering {
  fileprivate mutating func addProduct(
    _ layer: AffineLayer, _ step: NetworkPlan.Step, at index: Int, x: Int, rows: Int, depth: Int,
    layout: MatrixLayout
  ) {
    var layer = layer
    let (result, epilogue, nodes) = finish(&layer, after: index)
    let columns = layer.channels
    func packed(_ k: Int, _ n: Int, _ layout: MatrixLayout) -> ConstantBlock {
      let functions = unsafe kernels.functions.pointee
      return unsafe kernels.packed(
        layer.weights, count: Int(functions.packed_right_count(k, n))
      ) { source, target in
        unsafe functions.pack_right(
          k, n, source, layout.rowStride, layout.columnStride, target)
      }
    }
    let call = ProductCall(
      rows: rows, depth: depth, columns: columns, weights: packed(depth, columns, layout),
      transposed: isRecording ? packed(columns, depth, layout.transposed) : nil,
      bias: layer.bias.map(kernels.block), epilogue: epilogue, x: x, y: result)
    add(
      call, for: step, results: [result], kept: epilogue == .none ? [] : [result], nodes: nodes)
  }
}

extension Convolution: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    guard let x = lowering.imageBuffer(step.operands[0]),
      let weights = lowering.constant(step.operands[1]),
      let biases = lowering.constants(step, from: 2)
    else { return false }
    let input = lowering.shape(step.operands[0])
    let geometry = geometry(input, weights.shape).alongRows
    guard geometry.isPlanar else { return false }
    var layer = AffineLayer(
      weights: weights, bias: biases.first, .byChannel, channels: weights.shape[0], axis: 1,
      outputShape: lowering.shape(step.results[0]))
    let (result, epilogue, nodes) = lowering.finish(&layer, after: index)
    let isDirect =
      canBeDirect(geometry, outputs: weights.shape[0]) && lowering.canLieLast(result)
      && (x.order == .last || geometry.kernelPlane > 1)
    let image = isDirect ? x.buffer : lowering.planes(of: x.buffer)
    if isDirect { lowering.keepLast(result) }
    var shape = bartizan_convolution(
      batch: input[0], groups: groups, inputs: weights.shape[1],
      outputs: weights.shape[0] / groups, window: geometry.window,
      image_order: isDirect ? x.order.code : ChannelOrder.first.code,
      output_order: (isDirect ? ChannelOrder.last : .first).code)
    let kernels = lowering.kernels
    let functions = unsafe kernels.functions.pointee
    let packed = unsafe kernels.packed(
      layer.weights, count: Int(functions.convolution_weights_count(&shape))
    ) { source, target in
      unsafe functions.convolution_pack(&shape, source, target)
    }
    var transposed: ConstantBlock?
    if lowering.isRecording {
      transposed = unsafe kernels.packed(
        layer.weights, count: Int(functions.convolution_transposed_weights_count(&shape))
      ) { source, target in
        unsafe functions.convolution_pack_transposed(&shape, source, target)
      }
    }
    let call = ConvolutionCall(
      shape: shape, weights: packed, transposed: transposed, bias: layer.bias.map(kernels.block),
      epilogue: epilogue, x: image, y: result)
    lowering.add(
      call, for: step, operands: [image] + step.operands.dropFirst().map { _ in nil },
      results: [result], kept: epilogue == .none ? [] : [result], nodes: nodes)
    return true
  }

  /// Windows in a row that fill a tile of the direct kernel well enough.
  private static let leastWidth = 4

  /// Whether the kernel whose vectors are output channels does this convolution well.
  private func canBeDirect(_ geometry: WindowGeometry, outputs: Int) -> Bool {
    groups == 1 && outputs > 0 && outputs % ChannelOrder.lastMultiple == 0
      && geometry.width.output >= Self.leastWidth
  }
}

extension Convolution: ChannelsLastReader {
  func readsChannelsLast(_ step: NetworkPlan.Step, in lowering: Lowering) -> Bool {
    guard let weights = lowering.constant(step.operands[1]),
      lowering.constants(step, from: 2) != nil
    else { return false }
    let geometry = geometry(lowering.shape(step.operands[0]), weights.shape).alongRows
    return geometry.isPlanar && canBeDirect(geometry, outputs: weights.shape[0])
  }
}

extension WindowGeometry {
  /// Images of one column as images of one row, which are the same elements: kernels work along rows.
  var alongRows: WindowGeometry {
    guard width == Axis(input: 1, kernel: 1, output: 1) else { return self }
    return WindowGeometry(depth: depth, height: width, width: height)
  }

  /// The form that the kernels read; images have a depth of 1.
  var window: bartizan_window {
    bartizan_window(
      height: height.input, width: width.input, kernel_height: height.kernel,
      kernel_width: width.kernel, stride_y: height.stride, stride_x: width.stride,
      dilation_y: height.dilation, dilation_x: width.dilation, pad_top: height.padBefore,
      pad_left: width.padBefore, output_height: height.output, output_width: width.output)
  }
}

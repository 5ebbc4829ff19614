import CKernels

/// Convolution and its gradients on buffers.
extension Kernels {
  /// output = epilogue(start + weights ∗ image): one chain over (channel, kernel row, kernel column) in ascending
  /// order, in which padding counts as elements of 0. A column bias is not allowed.
  package func convolution(
    _ shape: ConvolutionShape, image: UnsafeBufferPointer<S>, weights: PackedConvolution<S>,
    to output: UnsafeMutableBufferPointer<S>, from start: ChainStart<S> = unsafe .zero,
    epilogue: KernelEpilogue = .none, scratch: UnsafeMutableBufferPointer<S>
  ) {
    precondition(
      weights.use == .output && weights.path == path && weights.channels == shape.weightSizes,
      "packed for this convolution and path")
    if case .columnBias = unsafe start { preconditionFailure("a bias for each output channel") }
    guard shape.outputCount > 0,
      let y = unsafe output.start(holding: shape.outputCount)
    else { return }
    let x = unsafe image.start(holding: shape.imageCount)
    let work = unsafe scratch.start(holding: scratchCount(for: shape))
    var code = shape.code
    unsafe weights.withPacked { packed in
      unsafe start.withEnds(epilogue, rows: shape.groups * shape.outputs, columns: 0) { ends in
        unsafe table.pointee.convolution(
          &code, x ?? packed, packed, y, ends, work ?? y)
      }
    }
  }

  /// Elements of scratch memory that `convolution` needs: far more than the image has where padding or
  /// dilation is large, so a caller holds it against its limit before it makes room.
  package func scratchCount(for shape: ConvolutionShape) -> Int {
    var code = shape.code
    return Int(unsafe table.pointee.convolution_scratch_count(&code))
  }

  /// Overwrites `gradient` with the gradient with respect to the image: for each tap in ascending order the
  /// element under it gains a chain over the output channels.
  package func imageGradient(
    _ shape: ConvolutionShape, cotangent: UnsafeBufferPointer<S>, weights: PackedConvolution<S>,
    to gradient: UnsafeMutableBufferPointer<S>, scratch: UnsafeMutableBufferPointer<S>
  ) {
    precondition(
      weights.use == .imageGradient && weights.path == path
        && weights.channels == shape.weightSizes, "packed for this convolution and path")
    guard shape.imageCount > 0,
      let target = unsafe gradient.start(holding: shape.imageCount)
    else { return }
    let g = unsafe cotangent.start(holding: shape.outputCount)
    let work = unsafe scratch.start(holding: imageGradientScratchCount(for: shape))
    var code = shape.code
    unsafe weights.withPacked { packed in
      unsafe table.pointee.convolution_image_gradient(
        &code, g ?? packed, packed, target, work ?? target)
    }
  }

  /// As `scratchCount`, for `imageGradient`.
  package func imageGradientScratchCount(for shape: ConvolutionShape) -> Int {
    var code = shape.code
    return Int(unsafe table.pointee.convolution_image_gradient_scratch_count(&code))
  }

  /// Continues in `gradient` the chains over batch and output positions of the gradient with respect to the
  /// weights.
  package func addWeightGradient(
    _ shape: ConvolutionShape, image: UnsafeBufferPointer<S>, cotangent: UnsafeBufferPointer<S>,
    to gradient: UnsafeMutableBufferPointer<S>, scratch: UnsafeMutableBufferPointer<S>
  ) {
    guard shape.weightsCount > 0, shape.outputCount > 0,
      let target = unsafe gradient.start(holding: shape.weightsCount),
      let g = unsafe cotangent.start(holding: shape.outputCount)
    else { return }
    let x = unsafe image.start(holding: shape.imageCount)
    let work = unsafe scratch.start(holding: weightGradientScratchCount(for: shape))
    var code = shape.code
    unsafe table.pointee.convolution_weight_gradient(&code, x ?? g, g, target, work ?? target)
  }

  /// As `scratchCount`, for `addWeightGradient`: the windows of one image as a matrix.
  package func weightGradientScratchCount(for shape: ConvolutionShape) -> Int {
    var code = shape.code
    return Int(unsafe table.pointee.convolution_weight_gradient_scratch_count(&code))
  }
}

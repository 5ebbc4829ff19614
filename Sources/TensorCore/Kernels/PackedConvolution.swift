import CKernels

/// A convolution's constant weights in the order in which one path of the kernels reads them, for outputs
/// or for the gradient with respect to the image.
package struct PackedConvolution<S: KernelScalar>: Sendable {
  package enum Use: Sendable { case output, imageGradient }

  package let use: Use
  /// The only path that can read it.
  package let path: KernelPath
  let channels: [Int]
  private let storage: PackedElements<S>

  /// The batch and the image's size in `shape` do not matter.
  package init(
    _ use: Use, _ shape: ConvolutionShape, weights: UnsafeBufferPointer<S>,
    for kernels: Kernels<S>
  ) {
    (self.use, path, channels) = (use, kernels.path, shape.weightSizes)
    let table = unsafe kernels.table
    var code = shape.code
    let source = unsafe weights.start(holding: shape.weightsCount)
    let count =
      switch use {
      case .output: unsafe table.pointee.convolution_weights_count(&code)
      case .imageGradient: unsafe table.pointee.convolution_transposed_weights_count(&code)
      }
    storage = unsafe PackedElements(count: Int(count)) { target in
      guard let source = unsafe source, shape.weightsCount > 0 else { return }
      switch use {
      case .output: unsafe table.pointee.convolution_pack(&code, source, target)
      case .imageGradient: unsafe table.pointee.convolution_pack_transposed(&code, source, target)
      }
    }
  }

  func withPacked(_ body: (UnsafePointer<S>) -> Void) { unsafe storage.withElements(body) }
}

extension ConvolutionShape {
  /// What packed weights depend on.
  var weightSizes: [Int] {
    [
      groups, inputs, outputs, window.height.kernel, window.width.kernel, Int(imageOrder.code),
      Int(outputOrder.code),
    ]
  }
}

import CKernels

/// The C kernels for one element type on one path, with every size checked before memory is addressed.
///
/// Sizes that leave their buffers, or that overflow, are broken promises of ours: they stop the process.
/// Laws of the results are stated in `CKernels.h`.
package struct Kernels<S: KernelScalar>: Hashable, Sendable {
  /// The path that runs; never `fastest`.
  package let path: KernelPath

  package init(_ path: KernelPath) { self.path = path.resolved }

  var table: UnsafePointer<bartizan_kernels> {
    unsafe bartizan_kernels_for(S.kernelElement, path.code)
  }
}

extension UnsafeBufferPointer {
  /// The address of the first of at least `count` elements.
  func start(holding count: Int) -> UnsafePointer<Element>? {
    precondition(count >= 0 && self.count >= count, "the buffer holds what is read")
    return baseAddress
  }
}

extension UnsafeMutableBufferPointer {
  func start(holding count: Int) -> UnsafeMutablePointer<Element>? {
    precondition(count >= 0 && self.count >= count, "the buffer has room for what is written")
    return baseAddress
  }
}

import CKernels

/// Which instantiation of the kernels runs: every path gives the same bits, so this is for speed and for
/// the tests that prove it.
public enum KernelPath: Sendable, Hashable, CaseIterable {
  /// The fastest the processor offers, chosen at run time.
  case fastest
  /// The path for any processor, with fused multiply-adds by the C library where there is no instruction.
  case portable

  var code: Int32 {
    switch self {
    case .fastest: Int32(BARTIZAN_KERNEL_FASTEST)
    case .portable: Int32(BARTIZAN_KERNEL_PORTABLE)
    }
  }
}

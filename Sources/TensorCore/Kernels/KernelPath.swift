import CKernels

/// Which instantiation of the kernels runs: every path gives the same bits, so this is for speed and for
/// the tests that prove it.
public enum KernelPath: String, Sendable, Hashable, CaseIterable {
  /// The fastest the processor offers, chosen at run time.
  case fastest
  /// 512-bit vectors of x86-64 (AVX-512 F, VL, BW, DQ).
  case avx512
  /// 256-bit vectors of x86-64 with fused multiply-adds (AVX2, FMA).
  case avx2
  /// 128-bit vectors of aarch64.
  case neon
  /// The path for any processor, with fused multiply-adds by the C library where there is no instruction.
  case portable

  /// Whether this processor can run the path.
  public var isAvailable: Bool { bartizan_path_is_available(code) != 0 }

  /// The paths this processor can run, `fastest` not counted.
  public static var available: [KernelPath] {
    allCases.filter { $0 != .fastest && $0.isAvailable }
  }

  /// The path that runs when this one is asked for: itself, or the fastest where it is not available.
  public var resolved: KernelPath {
    switch Int(bartizan_path_resolved(code)) {
    case BARTIZAN_PATH_AVX512: .avx512
    case BARTIZAN_PATH_AVX2: .avx2
    case BARTIZAN_PATH_NEON: .neon
    default: .portable
    }
  }

  package var code: Int32 {
    switch self {
    case .fastest: Int32(BARTIZAN_PATH_FASTEST)
    case .avx512: Int32(BARTIZAN_PATH_AVX512)
    case .avx2: Int32(BARTIZAN_PATH_AVX2)
    case .neon: Int32(BARTIZAN_PATH_NEON)
    case .portable: Int32(BARTIZAN_PATH_PORTABLE)
    }
  }
}

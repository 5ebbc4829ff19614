import CKernels
import TensorCore

/// The kernels that a lowered program calls: those of one element type on one path.
@safe
struct KernelTable {
  let functions: UnsafePointer<bartizan_kernels>
  /// Bytes of an element.
  let stride: Int
  let isDouble: Bool

  init<S: KernelScalar>(_: S.Type, _ path: KernelPath) {
    unsafe functions = bartizan_kernels_for(S.kernelElement, path.code)
    stride = MemoryLayout<S>.stride
    isDouble = S.self == Double.self
  }

  /// This type's copy of a constant.
  func block(_ constant: DualTensor) -> ConstantBlock {
    isDouble ? ConstantBlock(constant.double.elements) : ConstantBlock(constant.float.elements)
  }

  /// A constant in an order of the kernels' own.
  func packed(
    _ constant: DualTensor, count: Int,
    _ pack: (UnsafeRawPointer, UnsafeMutableRawPointer) -> Void
  ) -> ConstantBlock {
    unsafe ConstantBlock(bytes: count * stride) { target in
      if isDouble {
        unsafe constant.double.elements.withUnsafeBytes { source in
          if let base = source.baseAddress { unsafe pack(base, target) }
        }
      } else {
        unsafe constant.float.elements.withUnsafeBytes { source in
          if let base = source.baseAddress { unsafe pack(base, target) }
        }
      }
    }
  }
}

import CKernels

/// An element type that the deterministic kernels are built for: `Float` for a model's own arithmetic,
/// `Double` for checking it with the same code.
public protocol KernelScalar: BinaryFloatingPoint, RealElement, BitwiseCopyable {
  /// The nearest value to `value`: elementary functions are computed in `Double` and rounded once.
  static func rounding(_ value: Double) -> Self

  /// This type's copy of a constant.
  static func values(of constant: DualTensor) -> Tensor<Self>

  /// The number by which the C kernels know the type.
  static var kernelElement: Int32 { get }
}

extension KernelScalar {
  /// `result += left · right` for an m×k and a k×n matrix.
  ///
  /// Each element is one chain of fused multiply-adds over k in ascending order that starts from the
  /// element's value in `result`, so batch size, tiling and processor cannot change a bit.
  /// Complexity: m·n·k multiply-adds.
  @specialized(where Self == Float)
  @specialized(where Self == Double)
  public static func addProduct(
    rows: Int, columns: Int, depth: Int,
    of left: [Self], _ leftLayout: MatrixLayout,
    and right: [Self], _ rightLayout: MatrixLayout,
    to result: inout [Self], _ resultLayout: MatrixLayout,
    by path: KernelPath
  ) {
    let kernels = Kernels<Self>(path)
    unsafe left.withUnsafeBufferPointer { left in
      unsafe right.withUnsafeBufferPointer { right in
        unsafe result.withUnsafeMutableBufferPointer { result in
          unsafe kernels.product(
            rows: rows, columns: columns, depth: depth, of: left, leftLayout, and: right,
            rightLayout, to: result, resultLayout)
        }
      }
    }
  }
}

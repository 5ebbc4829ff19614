import CKernels

/// The kernels for `Double`.
extension Double: KernelScalar {
  public static func addProduct(
    rows: Int, columns: Int, depth: Int,
    of left: [Double], _ leftLayout: MatrixLayout,
    and right: [Double], _ rightLayout: MatrixLayout,
    to result: inout [Double], _ resultLayout: MatrixLayout,
    by path: KernelPath
  ) {
    checkBounds(
      rows, columns, depth, left.count, leftLayout, right.count, rightLayout, result.count,
      resultLayout)
    guard rows > 0, columns > 0, depth > 0 else { return }
    unsafe left.withUnsafeBufferPointer { left in
      unsafe right.withUnsafeBufferPointer { right in
        unsafe result.withUnsafeMutableBufferPointer { result in
          guard let a = left.baseAddress, let b = right.baseAddress,
            let c = result.baseAddress
          else { return }
          unsafe bartizan_gemm_f64(
            rows, columns, depth,
            a + leftLayout.offset, leftLayout.rowStride, leftLayout.columnStride,
            b + rightLayout.offset, rightLayout.rowStride, rightLayout.columnStride,
            c + resultLayout.offset, resultLayout.rowStride, resultLayout.columnStride, path.code)
        }
      }
    }
  }

  public static func rounding(_ value: Double) -> Double { Double(value) }

  public static func values(of constant: DualTensor) -> Tensor<Double> { constant.double }
}

import CKernels

/// The exact product of small integers, for quantised operators.
package enum IntegerKernels {
  /// result = left · rightᵀ modulo 2³² for an m×k and an n×k matrix whose rows lie side by side.
  ///
  /// Exact where no sum leaves 32 bits: operands of 8 bits less a zero point (−255…255) up to a depth of
  /// 33,025.
  package static func product(
    rows: Int, columns: Int, depth: Int, of left: UnsafeBufferPointer<Int16>,
    andTransposed right: UnsafeBufferPointer<Int16>, to result: UnsafeMutableBufferPointer<Int32>,
    by path: KernelPath
  ) {
    precondition(rows >= 0 && columns >= 0 && depth >= 0, "sizes are not negative")
    guard rows > 0, columns > 0, let c = unsafe result.start(holding: rows * columns) else {
      return
    }
    guard depth > 0, let a = unsafe left.start(holding: rows * depth),
      let b = unsafe right.start(holding: columns * depth)
    else {
      unsafe c.update(repeating: 0, count: rows * columns)
      return
    }
    unsafe bartizan_gemm_int16(
      rows, columns, depth, a, depth, b, depth, c, columns, path.code)
  }
}

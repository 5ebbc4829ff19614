import CKernels

/// A constant matrix in the order in which one path of the kernels reads it, as an operand of products.
package struct PackedMatrix<S: KernelScalar>: Sendable {
  package enum Side: Sendable { case left, right }

  package let side: Side
  package let rows: Int
  package let columns: Int
  /// The only path that can read it.
  package let path: KernelPath
  private let storage: PackedElements<S>

  /// Complexity: O(rows · columns).
  package init(
    _ side: Side, rows: Int, columns: Int, of matrix: UnsafeBufferPointer<S>,
    _ layout: MatrixLayout, for kernels: Kernels<S>
  ) {
    precondition(rows >= 0 && columns >= 0, "sizes are not negative")
    (self.side, self.rows, self.columns, path) = (side, rows, columns, kernels.path)
    _ = rows * columns * 2  // stops at an overflow
    let source = unsafe matrix.start(holding: layout.end(rows: rows, columns: columns))
    let table = unsafe kernels.table
    let count =
      switch side {
      case .right: unsafe table.pointee.packed_right_count(rows, columns)
      case .left: unsafe table.pointee.packed_left_count(rows, columns)
      }
    storage = unsafe PackedElements(count: Int(count)) { target in
      guard let source = unsafe source, rows > 0, columns > 0 else { return }
      let (from, row, column) =
        unsafe (source + layout.offset, layout.rowStride, layout.columnStride)
      switch side {
      case .right: unsafe table.pointee.pack_right(rows, columns, from, row, column, target)
      case .left: unsafe table.pointee.pack_left(rows, columns, from, row, column, target)
      }
    }
  }

  func withPacked(_ body: (UnsafePointer<S>) -> Void) { unsafe storage.withElements(body) }
}

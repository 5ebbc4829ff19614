/// How a matrix lies in a flat array: element (i, j) is at `offset + i * rowStride + j * columnStride`.
public struct MatrixLayout: Hashable, Sendable {
  public var offset: Int
  public var rowStride: Int
  public var columnStride: Int

  public init(offset: Int = 0, rowStride: Int, columnStride: Int = 1) {
    self.offset = offset
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  /// The same elements with rows and columns exchanged.
  public var transposed: MatrixLayout {
    MatrixLayout(offset: offset, rowStride: columnStride, columnStride: rowStride)
  }

  /// One past the largest index that a matrix of this size reads; strides must not be negative.
  func end(rows: Int, columns: Int) -> Int {
    precondition(offset >= 0 && rowStride >= 0 && columnStride >= 0, "strides go forwards")
    return rows == 0 || columns == 0
      ? 0 : offset + (rows - 1) * rowStride + (columns - 1) * columnStride + 1
  }
}

import CKernels

/// Products of matrices in buffers.
extension Kernels {
  /// result = epilogue(start + left · right) for an m×k and a k×n matrix, each element one chain of fused
  /// multiply-adds over k in ascending order. The result overlaps no operand.
  package func product(
    rows: Int, columns: Int, depth: Int,
    of left: UnsafeBufferPointer<S>, _ leftLayout: MatrixLayout,
    and right: UnsafeBufferPointer<S>, _ rightLayout: MatrixLayout,
    to result: UnsafeMutableBufferPointer<S>, _ resultLayout: MatrixLayout,
    from start: ChainStart<S> = unsafe .existing, epilogue: KernelEpilogue = .none
  ) {
    checkSizes(rows, columns, depth)
    guard rows > 0, columns > 0 else { return }
    var nothing = S.zero
    let a = unsafe left.start(holding: leftLayout.end(rows: rows, columns: depth))
    let b = unsafe right.start(holding: rightLayout.end(rows: depth, columns: columns))
    guard let c = unsafe result.start(holding: resultLayout.end(rows: rows, columns: columns))
    else { return }
    if rows >= Self.rowsToPackFor, min(columns, depth) >= Self.leastPacked,
      depth <= right.count / columns, resultLayout.columnStride == 1, let a = unsafe a,
      let b = unsafe b
    {
      unsafe start.withEnds(epilogue, rows: rows, columns: columns) { ends in
        unsafe packedProduct(
          rows, columns, depth, a + leftLayout.offset, leftLayout, b + rightLayout.offset,
          rightLayout, c + resultLayout.offset, resultLayout.rowStride, ends)
      }
      return
    }
    unsafe start.withEnds(epilogue, rows: rows, columns: columns) { ends in
      unsafe withUnsafePointer(to: &nothing) { nothing in
        unsafe table.pointee.gemm(
          rows, columns, depth,
          (a ?? nothing) + (depth > 0 ? leftLayout.offset : 0), leftLayout.rowStride,
          leftLayout.columnStride,
          (b ?? nothing) + (depth > 0 ? rightLayout.offset : 0), rightLayout.rowStride,
          rightLayout.columnStride,
          c + resultLayout.offset, resultLayout.rowStride, resultLayout.columnStride, ends)
      }
    }
  }

  /// Rows from which on the right operand is packed once, instead of once for each block of rows.
  private static var rowsToPackFor: Int { 256 }
  private static var leastPacked: Int { 64 }

  private func packedProduct(
    _ rows: Int, _ columns: Int, _ depth: Int, _ a: UnsafePointer<S>, _ left: MatrixLayout,
    _ b: UnsafePointer<S>, _ right: MatrixLayout, _ c: UnsafeMutablePointer<S>, _ rowStride: Int,
    _ ends: UnsafePointer<bartizan_ends>
  ) {
    let count = unsafe Int(table.pointee.packed_right_count(depth, columns))
    unsafe withUnsafeTemporaryAllocation(
      byteCount: count * MemoryLayout<S>.stride, alignment: 64
    ) { packed in
      guard let packed = packed.baseAddress else { return }
      unsafe table.pointee.pack_right(
        depth, columns, b, right.rowStride, right.columnStride, packed)
      unsafe table.pointee.gemm_packed_right(
        rows, columns, depth, a, left.rowStride, left.columnStride, packed, c, rowStride, ends)
    }
  }

  /// The same with a right operand that was packed; the result's columns lie side by side.
  package func product(
    rows: Int, of left: UnsafeBufferPointer<S>, _ leftLayout: MatrixLayout,
    and right: PackedMatrix<S>, to result: UnsafeMutableBufferPointer<S>, offset: Int = 0,
    rowStride: Int, from start: ChainStart<S> = unsafe .existing, epilogue: KernelEpilogue = .none
  ) {
    let (depth, columns) = (right.rows, right.columns)
    checkSizes(rows, columns, depth)
    precondition(right.side == .right && right.path == path, "packed for this place and path")
    guard rows > 0, columns > 0 else { return }
    let layout = MatrixLayout(offset: offset, rowStride: rowStride)
    var nothing = S.zero
    let a = unsafe left.start(holding: leftLayout.end(rows: rows, columns: depth))
    guard let c = unsafe result.start(holding: layout.end(rows: rows, columns: columns))
    else { return }
    unsafe right.withPacked { packed in
      unsafe start.withEnds(epilogue, rows: rows, columns: columns) { ends in
        unsafe withUnsafePointer(to: &nothing) { nothing in
          unsafe table.pointee.gemm_packed_right(
            rows, columns, depth, (a ?? nothing) + (depth > 0 ? leftLayout.offset : 0),
            leftLayout.rowStride, leftLayout.columnStride, packed, c + offset, rowStride, ends)
        }
      }
    }
  }

  /// The same with a left operand that was packed; the result's columns lie side by side.
  package func product(
    of left: PackedMatrix<S>, columns: Int, and right: UnsafeBufferPointer<S>,
    _ rightLayout: MatrixLayout, to result: UnsafeMutableBufferPointer<S>, offset: Int = 0,
    rowStride: Int, from start: ChainStart<S> = unsafe .existing, epilogue: KernelEpilogue = .none
  ) {
    let (rows, depth) = (left.rows, left.columns)
    checkSizes(rows, columns, depth)
    precondition(left.side == .left && left.path == path, "packed for this place and path")
    guard rows > 0, columns > 0 else { return }
    let layout = MatrixLayout(offset: offset, rowStride: rowStride)
    var nothing = S.zero
    let b = unsafe right.start(holding: rightLayout.end(rows: depth, columns: columns))
    guard let c = unsafe result.start(holding: layout.end(rows: rows, columns: columns))
    else { return }
    unsafe left.withPacked { packed in
      unsafe start.withEnds(epilogue, rows: rows, columns: columns) { ends in
        unsafe withUnsafePointer(to: &nothing) { nothing in
          unsafe table.pointee.gemm_packed_left(
            rows, columns, depth, packed, (b ?? nothing) + (depth > 0 ? rightLayout.offset : 0),
            rightLayout.rowStride, rightLayout.columnStride, c + offset, rowStride, ends)
        }
      }
    }
  }

  private func checkSizes(_ rows: Int, _ columns: Int, _ depth: Int) {
    precondition(rows >= 0 && columns >= 0 && depth >= 0, "sizes are not negative")
  }
}

import TensorCore

/// The matrix of an affine operator that has few zeros.
struct DenseMatrix: LinearMap {
  let rows: Int
  let columns: Int
  /// Row-major.
  let elements: [Double]
  private let magnitudes: [Double]
  /// Packed for products from the left and from the right; nil where lanes would stay empty.
  private let forwards: (elements: PackedMatrix<Double>, magnitudes: PackedMatrix<Double>)?
  private let backwards: PackedMatrix<Double>?

  private static let kernels = Kernels<Double>(.fastest)
  /// Columns of a product from which on its right operand is packed.
  private static let leastPacked = 8

  var terms: Int { columns }

  /// nil where most factors are zero or the matrix is large.
  init?(_ sparse: SparseRows, columns: Int) {
    rows = sparse.starts.count - 1
    self.columns = columns
    guard sparse.sources.count >= rows * columns / 4, rows * columns <= SparseRows.limit else {
      return nil
    }
    var elements = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for entry in sparse.starts[row]..<sparse.starts[row + 1] {
        elements[row * columns + sparse.sources[entry]] += sparse.factors[entry]
      }
    }
    self.elements = elements
    magnitudes = elements.map { abs($0) }
    let layout = MatrixLayout(rowStride: columns)
    forwards =
      rows >= Self.leastPacked
      ? (
        Self.packed(elements, rows: columns, columns: rows, layout.transposed),
        Self.packed(magnitudes, rows: columns, columns: rows, layout.transposed)
      ) : nil
    backwards =
      columns >= Self.leastPacked
      ? Self.packed(elements, rows: rows, columns: columns, layout) : nil
  }

  private static func packed(
    _ elements: [Double], rows: Int, columns: Int, _ layout: MatrixLayout
  ) -> PackedMatrix<Double> {
    unsafe elements.withUnsafeBufferPointer {
      unsafe PackedMatrix(
        .right, rows: rows, columns: columns, of: $0, layout, for: kernels)
    }
  }

  /// result += left · right; `left` lies row by row.
  private static func addProduct(
    rows: Int, of left: [Double], and right: PackedMatrix<Double>, to result: inout [Double]
  ) {
    unsafe left.withUnsafeBufferPointer { left in
      unsafe result.withUnsafeMutableBufferPointer { result in
        unsafe kernels.product(
          rows: rows, of: left, MatrixLayout(rowStride: right.rows), and: right, to: result,
          rowStride: right.columns)
      }
    }
  }

  func applied(to x: [Double], count: Int, isMagnitude: Bool, from start: [Double]) -> [Double] {
    var result = starts(start, count: count)
    if let forwards {
      Self.addProduct(
        rows: count, of: x, and: isMagnitude ? forwards.magnitudes : forwards.elements, to: &result)
      return result
    }
    Double.addProduct(
      rows: count, columns: rows, depth: columns, of: x, MatrixLayout(rowStride: columns),
      and: isMagnitude ? magnitudes : elements, MatrixLayout(rowStride: columns).transposed,
      to: &result, MatrixLayout(rowStride: rows), by: .fastest)
    return result
  }

  func pullBack(_ coefficients: [Double], count: Int, into result: inout [Double]) {
    if result.count == count * columns {
      for i in result.indices { result[i] = 0 }
    } else {
      result = Array(repeating: 0, count: count * columns)
    }
    if let backwards {
      Self.addProduct(rows: count, of: coefficients, and: backwards, to: &result)
      return
    }
    Double.addProduct(
      rows: count, columns: columns, depth: rows, of: coefficients, MatrixLayout(rowStride: rows),
      and: elements, MatrixLayout(rowStride: columns), to: &result,
      MatrixLayout(rowStride: columns), by: .fastest)
  }

  /// Some rows, each with a sign.
  func rows(_ chosen: [Int], signs: [Double]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(chosen.count * columns)
    for row in chosen {
      result.append(contentsOf: elements[row * columns..<(row + 1) * columns])
    }
    result.negateRows(of: columns, where: signs)
    return result
  }
}

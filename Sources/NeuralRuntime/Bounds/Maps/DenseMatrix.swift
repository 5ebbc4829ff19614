import TensorCore

/// The matrix of an affine operator that has few zeros.
struct DenseMatrix: LinearMap {
  let rows: Int
  let columns: Int
  /// Row-major.
  var elements: [Double]
  var magnitudes: [Double]

  var terms: Int { columns }

  /// nil where most factors are zero or the matrix is large.
  init?(_ sparse: SparseRows, columns: Int) {
    rows = sparse.starts.count - 1
    self.columns = columns
    guard sparse.sources.count >= rows * columns / 4, rows * columns <= SparseRows.limit else {
      return nil
    }
    elements = Array(repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for entry in sparse.starts[row]..<sparse.starts[row + 1] {
        elements[row * columns + sparse.sources[entry]] += sparse.factors[entry]
      }
    }
    magnitudes = elements.map { abs($0) }
  }

  func applied(to x: [Double], count: Int, isMagnitude: Bool, from start: [Double]) -> [Double] {
    var result = starts(start, count: count)
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

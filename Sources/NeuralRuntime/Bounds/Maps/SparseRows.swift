/// The matrix of an affine operator row by row, without its zeros.
struct SparseRows: Sendable {
  var starts: [Int] = [0]
  var sources: [Int] = []
  var factors: [Double] = []

  static let limit = 1 << 22

  init() {}

  init(diagonal: [Double]) {
    starts = Array(0...diagonal.count)
    sources = Array(diagonal.indices)
    factors = diagonal
  }

  /// sums += coefficients · L, row by row of `[count, from]` and `[count, to]`.
  func addProducts(
    of coefficients: [Double], width from: Int, to sums: inout [Double], width to: Int, count: Int
  ) {
    precondition(
      coefficients.count == count * from && sums.count == count * to && starts.count == from + 1
        && sources.count == factors.count && starts[from] == sources.count
        && sources.allSatisfy { $0 < to }, "rows of one shape")
    unsafe coefficients.withUnsafeBufferPointer { coefficients in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe starts.withUnsafeBufferPointer { starts in
          unsafe sources.withUnsafeBufferPointer { sources in
            unsafe factors.withUnsafeBufferPointer { factors in
              for row in 0..<count {
                let place = row * to
                for element in 0..<from {
                  let a = unsafe coefficients[row * from + element]
                  guard a != 0 else { continue }
                  for entry in unsafe starts[element]..<starts[element + 1] {
                    unsafe sums[place + sources[entry]] += a * factors[entry]
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// The factors of some rows, each with a sign, and zeros up to `width` entries.
  func rows(_ chosen: [Int], signs: [Double], width: Int) -> [Double] {
    precondition(chosen.count == signs.count, "a sign for each row")
    return unsafe [Double](unsafeUninitializedCapacity: chosen.count * width) { result, count in
      for (place, row) in chosen.enumerated() {
        let entries = factors.span.extracting(starts[row]..<starts[row + 1])
        precondition(entries.count <= width, "a row fits its width")
        let target = unsafe UnsafeMutableBufferPointer(
          rebasing: result[place * width..<(place + 1) * width])
        let sign: Double = signs[place] < 0 ? -1 : 1
        for i in entries.indices { unsafe target[i] = sign * entries[unchecked: i] }
        unsafe target[entries.count...].update(repeating: 0)
      }
      count = chosen.count * width
    }
  }
}

extension [Double] {
  /// Negates the rows whose sign is below 0.
  mutating func negateRows(of width: Int, where signs: [Double]) {
    unsafe withUnsafeMutableBufferPointer { elements in
      precondition(elements.count == signs.count * width, "a sign for each row")
      for (row, sign) in signs.enumerated() where sign < 0 {
        for i in row * width..<(row + 1) * width { unsafe elements[i] = -elements[i] }
      }
    }
  }
}

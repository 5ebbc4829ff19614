/// The linear part of an affine operator with constant factors, for batches of samples.
protocol LinearMap: Sendable {
  /// Elements of one sample's output.
  var rows: Int { get }
  /// Elements of one sample's operand.
  var columns: Int { get }
  /// The most products that one element of the output adds up.
  var terms: Int { get }

  /// start + L·x for each sample, with |L| for L if `isMagnitude`.
  ///
  /// - Parameters:
  ///   - x: `[count, columns]`.
  ///   - start: `[rows]`, or empty for zeros.
  /// - Returns: `[count, rows]`.
  func applied(to x: [Double], count: Int, isMagnitude: Bool, from start: [Double]) -> [Double]

  /// `result` = Lᵀ·coefficients for each row of `[count, rows]`. `result` lends its memory.
  func pullBack(_ coefficients: [Double], count: Int, into result: inout [Double])
}

extension LinearMap {
  /// What results start from.
  func starts(_ start: [Double], count: Int) -> [Double] {
    guard !start.isEmpty else { return Array(repeating: 0, count: count * rows) }
    var result: [Double] = []
    result.reserveCapacity(count * rows)
    for _ in 0..<count { result.append(contentsOf: start) }
    return result
  }
}

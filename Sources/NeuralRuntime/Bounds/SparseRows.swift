/// The matrix of an affine operator row by row, without its zeros.
struct SparseRows: Sendable {
  var starts: [Int] = [0]
  var sources: [Int] = []
  var factors: [Double] = []

  static let limit = 1 << 22
}

public import EngineSupport

/// A linear measurement model z = H x + noise, as state estimation uses it, and the residual by which it
/// finds bad data.
///
/// A change of the form a = H c leaves the residual as it was: the estimator explains it by another state.
/// Source: Liu, Ning, Reiter, "False data injection attacks against state estimation in electric power
/// grids", CCS 2009.
public struct MeasurementModel: Sendable, Hashable, Codable {
  /// One row for each element of a sample, one column for each state.
  public let matrix: [[Double]]
  /// The largest Euclidean residual that raises no alarm, in engineering units; `nil` without a detector.
  public let residualLimit: Double?
  /// Orthonormal columns that span H.
  let basis: [[Double]]

  private static let mostStates = 4_096

  /// - Throws: `test.measurement.shape` when the rows differ in length or are not finite.
  public init(matrix: [[Double]], residualLimit: Double? = nil) throws(Diagnostic) {
    guard let states = matrix.first?.count, states > 0, states <= Self.mostStates,
      matrix.allSatisfy({ $0.count == states && $0.allSatisfy(\.isFinite) }),
      residualLimit.map({ $0.isFinite && $0 >= 0 }) ?? true
    else {
      throw Diagnostic(
        "test.measurement.shape",
        "a measurement matrix has finite rows of one length, and a limit is not negative")
    }
    self.matrix = matrix
    self.residualLimit = residualLimit
    basis = Self.orthonormal(matrix, states: states)
  }

  /// Modified Gram-Schmidt, twice over each column; columns that depend on earlier ones are left out.
  private static func orthonormal(_ matrix: [[Double]], states: Int) -> [[Double]] {
    var basis: [[Double]] = []
    for state in 0..<states {
      var column = matrix.map { $0[state] }
      let length = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for _ in 0..<2 {
        for known in basis {
          let share = zip(column, known).reduce(0) { $0 + $1.0 * $1.1 }
          for index in column.indices { column[index] -= share * known[index] }
        }
      }
      let left = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if left > 1e-10 * max(length, Double.leastNormalMagnitude) {
        basis.append(column.map { $0 / left })
      }
    }
    return basis
  }

  /// The Euclidean distance of a measurement from the range of H: the residual after least squares.
  public func residual(of measurement: [Double]) -> Double {
    var left = measurement
    for column in basis {
      let share = zip(left, column).reduce(0) { $0 + $1.0 * $1.1 }
      for index in left.indices { left[index] -= share * column[index] }
    }
    return left.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private enum CodingKeys: String, CodingKey { case matrix, residualLimit }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      matrix: try container.decode([[Double]].self, forKey: .matrix),
      residualLimit: try container.decodeIfPresent(Double.self, forKey: .residualLimit))
  }
}

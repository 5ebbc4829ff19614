import NeuralRuntime

/// A goal as rows for linear bounds: one row an inequality, above 0 where the inequality cannot hold.
struct GoalRows: Sendable {
  let width: Int
  /// `[rows, width]`.
  let coefficients: [Double]
  let constants: [Double]
  /// The rows of each alternative.
  let alternatives: [Range<Int>]

  init(_ goal: CertificateGoal) {
    width = goal.outputCount
    let inequalities = goal.alternatives.flatMap(\.self)
    coefficients = inequalities.flatMap { $0.coefficients.map { -$0 } }
    constants = inequalities.map(\.bound)
    var start = 0
    alternatives = goal.alternatives.map { alternative in
      defer { start += alternative.count }
      return start..<start + alternative.count
    }
  }

  var count: Int { constants.count }

  /// The least value of each row where each output lies in its range, rounded down.
  func bounds(lower: [Double], upper: [Double]) -> [Double] {
    constants.indices.map { row in
      var sum = constants[row]
      var magnitude = abs(sum)
      for output in 0..<width {
        let factor = coefficients[row * width + output]
        guard factor != 0 else { continue }
        let term = factor * (factor > 0 ? lower[output] : upper[output])
        sum += term
        magnitude += abs(term)
      }
      let bound = sum - magnitude * Double(width + 2) * 0x1p-52
      return bound.isNaN ? -.infinity : bound
    }
  }

  /// The rows over every one of some boxes, box after box.
  ///
  /// - Parameter isNegated: Rows that are above 0 where the inequality holds everywhere.
  func specification(boxes: Int, isNegated: Bool = false) -> LinearPropagation.Specification {
    let sign = isNegated ? -1.0 : 1.0
    let (rows, sums) = (coefficients.map { sign * $0 }, constants.map { sign * $0 })
    return LinearPropagation.Specification(
      outputs: (0..<boxes).flatMap { _ in rows }, inputs: [],
      constants: (0..<boxes).flatMap { _ in sums },
      boxes: (0..<boxes).flatMap { box in constants.indices.map { _ in box } })
  }

  /// The alternatives that some row does not rule out, each with its most promising row.
  func open(_ bounds: ArraySlice<Double>) -> [(alternative: Int, row: Int)] {
    let start = bounds.startIndex
    return alternatives.enumerated().compactMap { number, rows in
      guard let first = rows.first else { return nil }
      var best = first
      for row in rows where bounds[start + row] > bounds[start + best] { best = row }
      return bounds[start + best] > 0 ? nil : (number, best)
    }
  }
}

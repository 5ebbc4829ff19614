import NeuralRuntime

/// A linear function of the program's columns with a constant between two: a candidate of a maximum, or a constraint.
struct AffineCandidate: Sendable {
  typealias Terms = [(column: Int, factor: Double)]

  var terms: Terms
  var lower: Double
  var upper: Double
  /// Whether it reads columns of maxima.
  var readsMaxima: Bool
  /// Of the sum of changes: the terms of positive factors of inputs' columns, the steepest first.
  var steepest: Terms

  /// - Parameter row: A row of the network's form, over its inputs and its maxima.
  init(_ row: PiecewiseLinearForm.Row, from sample: [Double], norm: DistortionNorm) {
    readsMaxima = row.terms.contains { $0.variable >= sample.count }
    guard norm == .l1 else {
      terms = row.terms.map { ($0.variable, $0.factor) }
      (lower, upper) = (row.lower, row.upper)
      steepest = []
      return
    }
    terms = []
    var (shift, magnitude) = (0.0, 0.0)
    for term in row.terms {
      guard term.variable < sample.count else {
        terms.append((sample.count + term.variable, term.factor))
        continue
      }
      terms.append((term.variable, term.factor))
      terms.append((sample.count + term.variable, -term.factor))
      shift += term.factor * sample[term.variable]
      magnitude += abs(term.factor * sample[term.variable])
    }
    let room = magnitude * Double(terms.count + 2) * 0x1p-52
    lower = (row.lower + shift - room).nextDown
    upper = (row.upper + shift + room).nextUp
    steepest = terms.filter { $0.column < 2 * sample.count && $0.factor > 0 }.sorted {
      ($1.factor, $0.column) < ($0.factor, $1.column)
    }
  }

  /// What it lies between where its columns do, rounded outwards.
  ///
  /// - Parameters:
  ///   - ceiling: What the columns of inputs sum up to at most, of the sum of changes.
  ///   - inputs: The number of inputs.
  func range(
    over columns: (lower: [Double], upper: [Double]), inputs: Int, ceiling: Double,
    norm: DistortionNorm
  ) -> (lower: Double, upper: Double) {
    var (low, high) = (lower, upper)
    var magnitude = abs(low) + abs(high)
    if norm == .l1 {
      let rise = steepestRise(columns.upper, inputs: inputs, ceiling: ceiling, isMirrored: false)
      let fall = steepestRise(columns.upper, inputs: inputs, ceiling: ceiling, isMirrored: true)
      low -= fall
      high += rise
      magnitude += rise + fall
    }
    for term in terms where norm == .linf || term.column >= 2 * inputs {
      let x = term.factor * columns.lower[term.column]
      let y = term.factor * columns.upper[term.column]
      low += min(x, y)
      high += max(x, y)
      magnitude += max(abs(x), abs(y))
    }
    let room = magnitude * Double(terms.count + 4) * 0x1p-52
    return (low - room, high + room)
  }

  /// The most by which changes that sum up to a ceiling raise the function, or lower it where mirrored: a knapsack
  /// whose parts may be cut, bounded by its dual θ · ceiling + Σ max(0, factor − θ) · most, which holds for any θ ≥ 0.
  private func steepestRise(
    _ most: [Double], inputs: Int, ceiling: Double, isMirrored: Bool
  ) -> Double {
    func room(_ column: Int) -> Double {
      isMirrored ? most[column < inputs ? column + inputs : column - inputs] : most[column]
    }
    var (threshold, taken) = (0.0, 0.0)
    for term in steepest {
      taken += room(term.column)
      guard taken < ceiling else {
        threshold = term.factor
        break
      }
    }
    var sum = threshold * ceiling
    for term in steepest {
      guard term.factor > threshold else { break }
      sum += (term.factor - threshold) * room(term.column)
    }
    return sum * (1 + Double(steepest.count + 8) * 0x1p-52) + 0x1p-1000
  }
}

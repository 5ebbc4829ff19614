/// A network of affine and piecewise-linear operators as sums and maxima alone, over one box of inputs.
///
/// The variables are the inputs, then the maxima in order; a rectifier is the maximum of its operand and 0.
/// Law: for each evaluation that the propagation covers (see `LinearPropagation`) with an input in the box, every
/// maximum's variable is the greatest of its candidates, each candidate is its terms plus some constant in its range,
/// and so is each row.
package struct PiecewiseLinearForm: Sendable {
  package struct Term: Sendable, Hashable {
    package var variable: Int
    package var factor: Double
  }

  /// terms + some constant between two.
  package struct Row: Sendable, Hashable {
    /// In the order of their variables, each variable once.
    package var terms: [Term]
    package var lower: Double
    package var upper: Double
  }

  /// The greatest of two or more candidates.
  package struct Maximum: Sendable, Hashable {
    package struct Candidate: Sendable, Hashable {
      package var row: Row
      /// What the row lies between.
      package var lower: Double
      package var upper: Double
    }

    package var candidates: [Candidate]
    /// What the maximum lies between.
    let lower: Double
    let upper: Double

    init(candidates: [Candidate]) {
      self.candidates = candidates
      lower = candidates.reduce(-.infinity) { max($0, $1.lower) }
      upper = candidates.reduce(-.infinity) { max($0, $1.upper) }
    }
  }

  /// The box.
  package var lower: [Double]
  package var upper: [Double]
  package var maxima: [Maximum] = []
  /// Terms of all candidates.
  var size = 0
  /// What was asked for: linear functions of the output and the input.
  package var rows: [Row] = []

  package var inputs: Int { lower.count }

  /// The range of a variable.
  func range(of variable: Int) -> (Double, Double) {
    if variable < inputs { return (lower[variable], upper[variable]) }
    let maximum = maxima[variable - inputs]
    return (maximum.lower, maximum.upper)
  }

  /// The range of a row, rounded outwards.
  func range(of row: Row) -> (lower: Double, upper: Double) {
    var (low, high, magnitude) = (row.lower, row.upper, abs(row.lower) + abs(row.upper))
    for term in row.terms {
      let (a, b) = range(of: term.variable)
      let (x, y) = (term.factor * a, term.factor * b)
      low += min(x, y)
      high += max(x, y)
      magnitude += max(abs(x), abs(y))
    }
    let room = magnitude * Double(row.terms.count + 4) * 0x1p-52
    return (low - room, high + room)
  }
}

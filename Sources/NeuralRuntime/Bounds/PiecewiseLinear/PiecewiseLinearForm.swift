/// A network of affine and piecewise-linear operators as sums and rectifiers alone, over one box of inputs.
///
/// The variables are the inputs, then the outputs of the rectifiers in order.
/// Law: for each evaluation that the propagation covers (see `LinearPropagation`) with an input in the box, every
/// rectifier's variable is max(0, operand), each operand is its terms plus some constant in its range, and so is each
/// row.
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

  /// max(0, operand), of which both sides are possible in the box.
  package struct Rectifier: Sendable, Hashable {
    package var operand: Row
    /// What the operand lies between.
    package var lower: Double
    package var upper: Double
  }

  /// The box.
  package var lower: [Double]
  package var upper: [Double]
  package var rectifiers: [Rectifier] = []
  /// What was asked for: linear functions of the output and the input.
  package var rows: [Row] = []

  package var inputs: Int { lower.count }

  /// The range of a variable.
  func range(of variable: Int) -> (Double, Double) {
    if variable < inputs { return (lower[variable], upper[variable]) }
    let rectifier = rectifiers[variable - inputs]
    return (max(0, rectifier.lower), max(0, rectifier.upper))
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

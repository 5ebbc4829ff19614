/// Least cost · x over columns x and rows A·x, each between two finite bounds.
///
/// Variables are numbered: the columns, then the rows. Every bound is finite, so that each basis becomes dual
/// feasible by putting its other variables at the right bounds, and every choice of multipliers bounds the cost.
struct LinearProgram: Sendable {
  let columns: Int
  private(set) var rowStarts: [Int] = [0]
  private(set) var indices: [Int] = []
  private(set) var factors: [Double] = []
  /// Of the columns, then of the rows.
  private(set) var lower: [Double]
  private(set) var upper: [Double]
  /// One a column.
  var cost: [Double]

  var rows: Int { rowStarts.count - 1 }

  /// Entries of a tableau, which an exchange goes through.
  var size: Int { rows * ((columns + 7) / 8 * 8) }
  /// The largest tableau that is made: 64 MiB.
  static let sizeLimit = 1 << 23
  /// Exchanges that one program may take: some thousand where tableaux are small, and about a second where large.
  var pivotLimit: Int { min(4 * (rows + columns), max(16, (1 << 30) / max(size, 1))) }

  /// - Parameters:
  ///   - lower: Bounds of the columns, finite, as `upper`.
  init(cost: [Double], lower: [Double], upper: [Double]) {
    precondition(
      cost.count == lower.count && lower.count == upper.count, "one cost and two bounds a column")
    columns = cost.count
    self.cost = cost
    self.lower = lower
    self.upper = upper
  }

  /// lower ≤ Σ factor · column ≤ upper; each column at most once.
  mutating func addRow(
    _ terms: [(column: Int, factor: Double)], from lower: Double, to upper: Double
  ) {
    precondition(lower.isFinite && upper.isFinite, "bounds are finite")
    for term in terms where term.factor != 0 {
      indices.append(term.column)
      factors.append(term.factor)
    }
    rowStarts.append(indices.count)
    self.lower.append(lower)
    self.upper.append(upper)
  }

  /// Other bounds for a variable.
  mutating func bound(_ variable: Int, from lower: Double, to upper: Double) {
    precondition(lower.isFinite && upper.isFinite, "bounds are finite")
    self.lower[variable] = lower
    self.upper[variable] = upper
  }

  /// Σ of a row's terms over the columns' bounds, rounded outwards.
  func activity(_ terms: [(column: Int, factor: Double)]) -> (lower: Double, upper: Double) {
    var (low, high, magnitude) = (0.0, 0.0, 0.0)
    for (column, factor) in terms {
      let (x, y) = (factor * lower[column], factor * upper[column])
      low += min(x, y)
      high += max(x, y)
      magnitude += max(abs(x), abs(y))
    }
    let room = magnitude * Double(terms.count + 2) * 0x1p-52 + 0x1p-1000
    return (low - room, high + room)
  }
}

/// The dual simplex method for variables between two bounds, on a condensed tableau in `Double`.
///
/// Each basic variable is a linear function of the others, and the tableau holds its coefficients. Nothing that is
/// concluded rests on this arithmetic: its multipliers go through `LinearProgram.safeBound`.
/// Law: the same program, start and limits give the same bits.
/// Source: Koberstein, "The dual simplex method, techniques for a fast and stable implementation", Paderborn 2005
/// (bound flipping, weights of rows); Maros, "Computational techniques of the simplex method", Springer 2003.
struct DualSimplex: Sendable {
  enum Outcome: Sendable, Hashable {
    case optimal
    /// No point fits the bounds.
    case infeasible
    /// The limit of pivots, or the arithmetic, ended the search; the multipliers still bound the cost.
    case stopped
  }

  /// Eight coefficients of a row.
  typealias Lanes = SIMD8<Double>

  private(set) var program: LinearProgram
  let stride: Int
  /// `[rows, stride]`.
  var tableau: [Lanes]
  /// The cost's coefficients.
  var reducedCosts: [Lanes]
  /// Where each nonbasic variable stands; 0 in the lanes after the last.
  var places: [Lanes]
  /// The variable of each row and of each column of the tableau.
  var basic: [Int]
  var nonbasic: [Int]
  var isAtUpper: [Bool]
  /// Of the basic variables.
  var values: [Double]
  /// Squared lengths of the tableau's rows.
  var lengths: [Double]
  var pivots = 0
  /// What proves that no point fits, after `infeasible`.
  var ray: [Double] = []

  static let tolerance = 1e-9
  static let leastPivot = 1e-8

  /// Starts from the basis of all rows.
  init(_ program: LinearProgram) {
    self.program = program
    let (rows, columns) = (program.rows, program.columns)
    stride = (columns + 7) / 8
    tableau = Array(repeating: .zero, count: rows * stride)
    reducedCosts = Array(repeating: .zero, count: stride)
    places = Array(repeating: .zero, count: stride)
    basic = Array(columns..<columns + rows)
    nonbasic = Array(0..<columns)
    isAtUpper = Array(repeating: false, count: columns)
    values = Array(repeating: 0, count: rows)
    lengths = Array(repeating: 1, count: rows)
    for row in 0..<rows {
      for entry in program.rowStarts[row]..<program.rowStarts[row + 1] {
        let column = program.indices[entry]
        tableau[row * stride + column >> 3][column & 7] += program.factors[entry]
      }
    }
    for column in 0..<columns { reducedCosts[column >> 3][column & 7] = program.cost[column] }
    restore()
  }

  /// Puts each nonbasic variable where its cost wants it, and computes everything else from there.
  mutating func restore() {
    for column in nonbasic.indices { settle(column) }
    for row in basic.indices { refresh(row) }
  }

  /// Other bounds for some variables; call `restore` afterwards.
  mutating func bound(_ variable: Int, from lower: Double, to upper: Double) {
    program.bound(variable, from: lower, to: upper)
  }

  /// Another cost; the basis stays.
  mutating func minimise(_ cost: [Double]) {
    program.cost = cost
    var costs = [Lanes](repeating: .zero, count: stride)
    for (column, variable) in nonbasic.enumerated() where variable < cost.count {
      costs[column >> 3][column & 7] = cost[variable]
    }
    for (row, variable) in basic.enumerated() where variable < cost.count && cost[variable] != 0 {
      for lane in 0..<stride { costs[lane] += tableau[row * stride + lane] * cost[variable] }
    }
    reducedCosts = costs
    restore()
  }

  func coefficient(_ row: Int, _ column: Int) -> Double {
    tableau[row * stride + column >> 3][column & 7]
  }

  /// Moves a nonbasic variable to the bound that its cost wants; whether it moved.
  @discardableResult
  mutating func settle(_ column: Int) -> Bool {
    let variable = nonbasic[column]
    let cost = reducedCosts[column >> 3][column & 7]
    if cost > Self.tolerance { isAtUpper[column] = false }
    if cost < -Self.tolerance { isAtUpper[column] = true }
    let place = isAtUpper[column] ? program.upper[variable] : program.lower[variable]
    guard places[column >> 3][column & 7] != place else { return false }
    places[column >> 3][column & 7] = place
    return true
  }

  /// A basic variable's value and its row's length.
  mutating func refresh(_ row: Int) {
    var (value, length) = (Lanes.zero, Lanes.zero)
    for lane in 0..<stride {
      let coefficients = tableau[row * stride + lane]
      value += coefficients * places[lane]
      length += coefficients * coefficients
    }
    values[row] = value.sum()
    lengths[row] = 1 + length.sum()
  }

  /// The cost at the present point.
  var objective: Double {
    var sum = Lanes.zero
    for lane in 0..<stride { sum += reducedCosts[lane] * places[lane] }
    return sum.sum()
  }

  /// The columns at the present point.
  var point: [Double] {
    var point = [Double](repeating: 0, count: program.columns)
    for (column, variable) in nonbasic.enumerated() where variable < point.count {
      point[variable] = places[column >> 3][column & 7]
    }
    for (row, variable) in basic.enumerated() where variable < point.count {
      point[variable] = values[row]
    }
    return point
  }

  /// A bound of the cost that holds whatever the arithmetic did; ∞ where no point fits the bounds.
  func safeBound() -> Double {
    if !ray.isEmpty {
      if program.safeBound(ray, scale: 0) > 0 { return .infinity }
      if program.safeBound(ray.map { -$0 }, scale: 0) > 0 { return .infinity }
    }
    return program.safeBound(multipliers)
  }

  /// What the cost gains for each unit that a row's bound moves; one a row.
  var multipliers: [Double] {
    var multipliers = [Double](repeating: 0, count: program.rows)
    for (column, variable) in nonbasic.enumerated() where variable >= program.columns {
      multipliers[variable - program.columns] = reducedCosts[column >> 3][column & 7]
    }
    return multipliers
  }
}

/// Exchanging a basic and a nonbasic variable.
extension DualSimplex {
  /// Solves row `leaving` for the variable of column `entering` and puts that into every other row; values are left
  /// as they were.
  mutating func exchange(row leaving: Int, column entering: Int) {
    let pivotRow = turn(row: leaving, column: entering)
    let (lane, place) = (entering >> 3, entering & 7)
    for row in basic.indices where row != leaving {
      let factor = tableau[row * stride + lane][place]
      guard factor != 0 else { continue }
      tableau[row * stride + lane][place] = 0
      let start = row * stride
      for i in 0..<stride { tableau[start + i] += pivotRow[i] * factor }
    }
  }

  /// The same, with the leaving variable at this bound, the other nonbasic ones where their costs want them, and
  /// every value brought up to date.
  mutating func advance(row leaving: Int, column entering: Int, toUpper: Bool) {
    let pivotRow = turn(row: leaving, column: entering)
    let (lane, place) = (entering >> 3, entering & 7)
    isAtUpper[entering] = toUpper
    var moves: [(column: Int, distance: Double)] = []
    for column in nonbasic.indices {
      let before = places[column >> 3][column & 7]
      guard settle(column), column != entering else { continue }
      moves.append((column, places[column >> 3][column & 7] - before))
    }
    for row in basic.indices where row != leaving {
      let start = row * stride
      let factor = tableau[start + lane][place]
      guard factor != 0 else {
        for move in moves { values[row] += coefficient(row, move.column) * move.distance }
        continue
      }
      tableau[start + lane][place] = 0
      var (value, length) = (Lanes.zero, Lanes.zero)
      for i in 0..<stride {
        let coefficients = tableau[start + i] + pivotRow[i] * factor
        tableau[start + i] = coefficients
        value += coefficients * places[i]
        length += coefficients * coefficients
      }
      values[row] = value.sum()
      lengths[row] = 1 + length.sum()
    }
    refresh(leaving)
  }

  /// The row that expresses the entering variable, already in its place, with the cost's new coefficients.
  private mutating func turn(row leaving: Int, column entering: Int) -> [Lanes] {
    pivots += 1
    let (lane, place) = (entering >> 3, entering & 7)
    let inverse = 1 / coefficient(leaving, entering)
    let start = leaving * stride
    var pivotRow = Array(tableau[start..<start + stride])
    for i in pivotRow.indices { pivotRow[i] *= -inverse }
    pivotRow[lane][place] = inverse
    tableau.replaceSubrange(start..<start + stride, with: pivotRow)
    (basic[leaving], nonbasic[entering]) = (nonbasic[entering], basic[leaving])
    let cost = reducedCosts[lane][place]
    if cost != 0 {
      reducedCosts[lane][place] = 0
      for i in pivotRow.indices { reducedCosts[i] += pivotRow[i] * cost }
    }
    return pivotRow
  }

  /// Makes this the basis, as far as pivots are large enough; others of its variables stay at a bound.
  ///
  /// - Parameter wanted: The basic variables, ascending.
  mutating func install(_ wanted: [Int]) {
    var isWanted = [Bool](repeating: false, count: program.columns + program.rows)
    for variable in wanted where variable < isWanted.count { isWanted[variable] = true }
    for column in nonbasic.indices where isWanted[nonbasic[column]] {
      var best: (row: Int, size: Double)?
      for row in basic.indices where !isWanted[basic[row]] {
        let size = abs(coefficient(row, column))
        if size > best?.size ?? 1e-6 { best = (row, size) }
      }
      if let best { exchange(row: best.row, column: column) }
    }
    restore()
  }

  /// The basic variables, ascending: where another program of the same form may start.
  var basis: [Int] { basic.sorted() }
}

/// Exchanging a basic and a nonbasic variable.
extension DualSimplex {
  /// Solves row `leaving` for the variable of column `entering` and puts that into every other row.
  mutating func exchange(row leaving: Int, column entering: Int) {
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
    for row in basic.indices where row != leaving {
      let factor = tableau[row * stride + lane][place]
      guard factor != 0 else { continue }
      tableau[row * stride + lane][place] = 0
      let start = row * stride
      for i in 0..<stride { tableau[start + i] += pivotRow[i] * factor }
    }
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

/// The steps: a variable outside its bounds leaves the basis, and one whose cost allows it enters.
extension DualSimplex {
  /// Goes on from the present basis.
  ///
  /// - Parameters:
  ///   - limit: Most pivots to take.
  ///   - ceiling: A cost from which on nobody asks for more.
  mutating func solve(limit: Int, ceiling: Double = .infinity) -> Outcome {
    ray = []
    var taken = 0
    /// After many steps without progress the first row and the first column are taken, which never cycles.
    var (stalled, best) = (0, -Double.infinity)
    while let row = leavingRow(takesFirst: stalled > 200) {
      guard taken < limit, objective < ceiling else { return .stopped }
      let variable = basic[row]
      let isBelow = values[row] < program.lower[variable]
      guard let entering = enteringColumn(row, isBelow: isBelow, takesFirst: stalled > 200) else {
        keepRay(of: row)
        return .infeasible
      }
      guard abs(coefficient(row, entering)) >= Self.leastPivot else { return .stopped }
      advance(row: row, column: entering, toUpper: !isBelow)
      taken += 1
      let cost = objective
      if cost > best + 1e-12 * (1 + abs(best)) { (stalled, best) = (0, cost) } else { stalled += 1 }
      guard cost.isFinite else { return .stopped }
    }
    return .optimal
  }

  /// The row whose variable is farthest outside its bounds, in units of its row's length.
  private func leavingRow(takesFirst: Bool) -> Int? {
    var best: Int?
    var most = 0.0
    for row in basic.indices {
      let variable = basic[row]
      let (low, high, value) = (program.lower[variable], program.upper[variable], values[row])
      let excess = max(low - value, value - high)
      guard excess > Self.tolerance * (1 + abs(value < low ? low : high)) else { continue }
      if takesFirst {
        if best.map({ variable < basic[$0] }) ?? true { best = row }
        continue
      }
      let weight = excess * excess / lengths[row]
      if weight > most { (most, best) = (weight, row) }
    }
    return best
  }

  /// The column that enters: as the leaving variable's cost falls, columns turn to their other bounds until the
  /// leaving one would pass its own. nil where it never gets there.
  private func enteringColumn(_ row: Int, isBelow: Bool, takesFirst: Bool) -> Int? {
    let variable = basic[row]
    var slope =
      isBelow ? program.lower[variable] - values[row] : values[row] - program.upper[variable]
    var candidates: [(ratio: Double, size: Double, column: Int)] = []
    for lane in 0..<stride {
      let coefficients = tableau[row * stride + lane]
      for place in 0..<8 where coefficients[place] != 0 {
        let column = lane << 3 + place
        let other = nonbasic[column]
        let a = isBelow ? coefficients[place] : -coefficients[place]
        guard abs(a) > Self.tolerance, (a > 0) != isAtUpper[column],
          program.lower[other] < program.upper[other]
        else { continue }
        let cost = abs(reducedCosts[lane][place])
        candidates.append((cost > Self.tolerance ? cost / abs(a) : 0, abs(a), column))
      }
    }
    candidates.sort {
      if $0.ratio != $1.ratio { return $0.ratio < $1.ratio }
      return takesFirst
        ? nonbasic[$0.column] < nonbasic[$1.column]
        : ($0.size, $1.column) > ($1.size, $0.column)
    }
    for (place, candidate) in candidates.enumerated() {
      let other = nonbasic[candidate.column]
      slope -= candidate.size * (program.upper[other] - program.lower[other])
      guard slope <= 0 else { continue }
      if takesFirst { return candidate.column }
      // Among nearly equal ratios the largest pivot keeps the arithmetic sound.
      var chosen = candidate
      for next in candidates[(place + 1)...] {
        guard next.ratio <= candidate.ratio + Self.tolerance else { break }
        if next.size > 10 * chosen.size { chosen = next }
      }
      return chosen.column
    }
    return nil
  }

  /// The row as multipliers: its variable cannot be where the others' bounds want it.
  private mutating func keepRay(of row: Int) {
    var multipliers = [Double](repeating: 0, count: program.rows)
    if basic[row] >= program.columns { multipliers[basic[row] - program.columns] = -1 }
    for (column, variable) in nonbasic.enumerated() where variable >= program.columns {
      multipliers[variable - program.columns] = coefficient(row, column)
    }
    ray = multipliers
  }
}

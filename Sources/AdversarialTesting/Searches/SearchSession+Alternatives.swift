import TensorCore

/// Ranking what an attack can aim at.
extension SearchSession {
  /// The alternatives of every row, nearest first by the clean outputs; one query a sample. Empty for rows
  /// that have no query left.
  mutating func rankedAlternatives(asking oracle: inout TargetOracle) throws -> [[Int]] {
    var ranked = [[Int]](repeating: [], count: count)
    retire(unaffordable: 1, asking: oracle)
    let rows = active
    guard !rows.isEmpty else { return ranked }
    var packed = region.gather(region.originals, rows: rows)
    let scores = try scores(at: &packed, rows: rows, asking: &oracle).scores.elements
    for (place, row) in rows.enumerated() {
      ranked[row] = objective.ranked(scores, at: place, row: row)
    }
    return ranked
  }
}

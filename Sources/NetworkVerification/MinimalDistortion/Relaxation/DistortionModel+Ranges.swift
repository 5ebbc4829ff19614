/// Ranges: what follows from them, and how they get into a program.
extension DistortionModel {
  /// Narrows ranges by what the columns and the ranges before allow; false where nothing fits.
  func propagate(_ ranges: inout CandidateRanges, ceiling: Double) -> Bool {
    var columns = columns(over: ranges, ceiling: ceiling)
    let isNew = ceiling != ranges.ceiling
    ranges.ceiling = ceiling
    for (maximum, candidates) in maxima.enumerated() {
      for (number, candidate) in candidates.enumerated() where isNew || candidate.readsMaxima {
        let place = ranges.starts[maximum] + number
        let range = candidate.range(
          over: (columns.lower, columns.upper), inputs: inputs, ceiling: ceiling, norm: norm)
        ranges.lower[place] = max(ranges.lower[place], range.lower)
        ranges.upper[place] = min(ranges.upper[place], range.upper)
      }
      guard ranges.settle(maximum) else { return false }
      columns.lower[firstMaximum + maximum] = ranges.least[maximum]
      columns.upper[firstMaximum + maximum] = ranges.most[maximum]
    }
    return true
  }

  /// Puts ranges into a program that was made over wider ones.
  func narrow(_ simplex: inout DualSimplex, to ranges: CandidateRanges) {
    let columns = simplex.program.columns
    for (maximum, rows) in candidateRows.enumerated() {
      simplex.bound(
        firstMaximum + maximum, from: ranges.least[maximum], to: ranges.most[maximum])
      for (candidate, row) in rows.enumerated() {
        guard let row else { continue }
        let bounds = rowBounds(of: candidate, in: maximum, over: ranges)
        simplex.bound(columns + row, from: bounds.lower, to: bounds.upper)
      }
    }
    simplex.restore()
  }
}

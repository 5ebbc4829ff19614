import NeuralRuntime

/// Narrowing ranges by linear programs.
extension DistortionModel {
  /// Bounds the differences of the live candidates of each open maximum, each by a program over what is known of the
  /// others; false where nothing fits. Where programs are large the exchanges for it are counted, and the last maxima
  /// go without.
  ///
  /// - Parameter goesOn: Asked before each program; false leaves the rest as it is.
  func tighten(
    _ ranges: inout CandidateRanges, ceiling: Double, pivots: inout Int, while goesOn: () -> Bool
  ) -> Bool {
    let program = program(over: ranges, ceiling: ceiling)
    var simplex = DualSimplex(program)
    defer { pivots += simplex.pivots }
    let most = (1 << 34) / max(program.size, 1)
    for maximum in maxima.indices
    where ranges.isOpen(maximum) && ranges.keepsLeads(maximum) {
      for one in ranges.live(maximum) {
        for other in ranges.live(maximum) where other != one {
          guard simplex.pivots < most, goesOn() else { return true }
          guard let bound = lead(of: one, over: other, in: maximum, by: &simplex)
          else { return false }
          ranges.limitLead(of: one, over: other, in: maximum, to: bound)
          limit(one, over: other, in: maximum, to: bound, &ranges)
        }
      }
      guard ranges.settle(maximum) else { return false }
      narrow(&simplex, to: ranges)
    }
    return true
  }

  /// By how much a candidate exceeds another at most; nil where nothing fits the program.
  private func lead(
    of one: Int, over other: Int, in maximum: Int, by simplex: inout DualSimplex
  ) -> Double? {
    let candidates = form.maxima[maximum].candidates
    let difference = AffineCandidate(
      form.sum(1, candidates[one].row, -1, candidates[other].row), from: sample, norm: norm)
    var cost = [Double](repeating: 0, count: simplex.program.columns)
    for term in difference.terms { cost[term.column] -= term.factor }
    simplex.minimise(cost)
    _ = simplex.solve(limit: min(simplex.program.rows, simplex.program.pivotLimit))
    let bound = simplex.safeBound()
    return bound == .infinity ? nil : (difference.upper - bound).nextUp
  }

  /// What a bound of a difference says of the one candidate where the other is a constant.
  private func limit(
    _ one: Int, over other: Int, in maximum: Int, to bound: Double, _ ranges: inout CandidateRanges
  ) {
    let candidates = maxima[maximum]
    let start = ranges.starts[maximum]
    if candidates[other].terms.isEmpty {
      ranges.upper[start + one] = min(
        ranges.upper[start + one], (bound + candidates[other].upper).nextUp)
    } else if candidates[one].terms.isEmpty {
      ranges.lower[start + other] = max(
        ranges.lower[start + other], (candidates[one].lower - bound).nextDown)
    }
  }
}

/// Narrowing ranges by linear programs.
extension DistortionModel {
  /// Bounds the operand of each open rectifier by two programs over what is known of the others; false where nothing
  /// fits.
  func tighten(_ ranges: inout Ranges, ceiling: Double, pivots: inout Int) -> Bool {
    let program = program(over: ranges, ceiling: ceiling)
    var simplex = DualSimplex(program)
    defer { pivots += simplex.pivots }
    for rectifier in operands.indices where ranges.isOpen(rectifier) {
      let operand = operands[rectifier]
      for sign in [1.0, -1] {
        var cost = [Double](repeating: 0, count: program.columns)
        for term in operand.terms { cost[term.column] = sign * term.factor }
        simplex.minimise(cost)
        _ = simplex.solve(limit: program.rows)
        let bound = simplex.safeBound()
        if bound == .infinity { return false }
        if sign > 0 {
          ranges.lower[rectifier] = max(ranges.lower[rectifier], (bound + operand.lower).nextDown)
        } else {
          ranges.upper[rectifier] = min(ranges.upper[rectifier], (operand.upper - bound).nextUp)
        }
      }
      guard ranges.lower[rectifier] <= ranges.upper[rectifier] else { return false }
      narrow(&simplex, to: ranges)
    }
    return true
  }
}

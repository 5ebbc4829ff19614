/// Narrowing ranges by linear programs.
extension DistortionModel {
  /// Bounds the operand of each open rectifier by two programs over what is known of the others; false where nothing
  /// fits. Where programs are large the exchanges for it are counted, and the last rectifiers go without.
  ///
  /// - Parameter goesOn: Asked before each rectifier; false leaves the rest as it is.
  func tighten(
    _ ranges: inout Ranges, ceiling: Double, pivots: inout Int, while goesOn: () -> Bool
  ) -> Bool {
    let program = program(over: ranges, ceiling: ceiling)
    var simplex = DualSimplex(program)
    defer { pivots += simplex.pivots }
    let most = (1 << 34) / max(program.size, 1)
    for rectifier in operands.indices where ranges.isOpen(rectifier) {
      guard simplex.pivots < most, goesOn() else { return true }
      let operand = operands[rectifier]
      for sign in [1.0, -1] {
        var cost = [Double](repeating: 0, count: program.columns)
        for term in operand.terms { cost[term.column] = sign * term.factor }
        simplex.minimise(cost)
        _ = simplex.solve(limit: min(program.rows, program.pivotLimit))
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

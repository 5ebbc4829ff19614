/// Costs as whole numbers of a common unit, so that the cost of a path does not depend on the order of adding
/// and equal sums are exactly equal.
struct CostUnits {
  /// What one unit stands for; a power of two.
  let size: Double

  /// The finest unit, at most 2⁻⁴⁴, in which a sum of `total` is below 2⁶⁰. It resolves everything a sum of
  /// doubles of this size would.
  init(total: Double) {
    precondition(total.isFinite && total >= 0, "costs are finite and not negative")
    var size = 0x1p-44
    while total / size > 0x1p60 { size *= 2 }
    self.size = size
  }

  func whole(_ cost: Double) -> Int64 { Int64((cost / size).rounded(.toNearestOrEven)) }
  func cost(_ whole: Int64) -> Double { Double(whole) * size }
}

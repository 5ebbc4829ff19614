/// Bounds that hold whatever a solver did.
///
/// Source: Neumaier, Shcherbina, "Safe bounds in linear and mixed-integer linear programming", Mathematical
/// Programming 99 (2004).
extension LinearProgram {
  /// A value that scale · cost · x is never below, in exact arithmetic: −∞ where the multipliers say nothing.
  ///
  /// scale · c · x = λ · (A x) + (scale · c − Aᵀλ) · x for any λ, and each product is least at one of its bounds.
  /// With scale 0 the left side is 0, so that a bound above 0 proves that no point is feasible.
  ///
  /// - Parameter multipliers: λ, one a row.
  func safeBound(_ multipliers: [Double], scale: Double = 1) -> Double {
    var rest = cost.map { scale * $0 }
    var magnitudes = rest.map { abs($0) }
    var terms = 4
    var (sum, reach) = (0.0, 0.0)
    for row in 0..<rows {
      let multiplier = multipliers[row]
      guard multiplier != 0 else { continue }
      terms += 1
      for entry in rowStarts[row]..<rowStarts[row + 1] {
        let product = multiplier * factors[entry]
        rest[indices[entry]] -= product
        magnitudes[indices[entry]] += abs(product)
      }
      let bound = multiplier * (multiplier > 0 ? lower[columns + row] : upper[columns + row])
      sum += bound
      reach += abs(bound)
    }
    // What the roundings of a column's sum can change, at the column's greatest magnitude.
    let unit = Double(terms) * 0x1p-52
    for column in 0..<columns {
      let (low, high) = (lower[column], upper[column])
      let part = rest[column] * (rest[column] > 0 ? low : high)
      sum += part
      reach += abs(part)
      let slack = unit * magnitudes[column] * max(abs(low), abs(high))
      sum -= slack
      reach += slack
    }
    // The second term is for products below the least normal number.
    let bound = sum - reach * Double(terms + columns) * 0x1p-52 - 0x1p-900
    return bound.isFinite ? bound : -.infinity
  }
}

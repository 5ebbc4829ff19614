/// What values a feature can take, for an attacker or at all.
public struct FeatureDomain: Sendable, Hashable, Codable {
  public var range: ClosedRange<Float>
  /// Values are `range.lowerBound + k · step`; nil for any `Float` in the range.
  public var step: Double?
  /// Nobody can change it.
  public var isFixed: Bool

  /// - Parameter step: over 0.
  public init(
    range: ClosedRange<Float> = -Float.greatestFiniteMagnitude...Float.greatestFiniteMagnitude,
    step: Double? = nil, isFixed: Bool = false
  ) {
    precondition(step.map { $0 > 0 && $0.isFinite } ?? true, "a step is over 0")
    self.range = range
    self.step = step
    self.isFixed = isFixed
  }

  /// The admissible value nearest to `x` between `lower` and `upper`, the lower of two equally near; nil if there is none.
  /// `x` itself counts as admissible even where it is off the grid or outside the range: it was measured.
  func nearest(to x: Float, from lower: Float, through upper: Float) -> Float? {
    if lower <= x, x <= upper { return x }
    guard !isFixed else { return nil }
    let low = max(lower, range.lowerBound)
    let high = min(upper, range.upperBound)
    guard low <= high else { return nil }
    guard let step else { return x < low ? low : high }
    let origin = Double(range.lowerBound)
    // The grid's numbers are rounded to Float; neighbours in k are tried for what rounding shifts.
    let target = Double(x < low ? low : high)
    let k = ((target - origin) / step).rounded(.down)
    var nearest: Float?
    for shift in -1...2 {
      let value = Float(origin + (k + Double(shift)) * step)
      guard low <= value, value <= high else { continue }
      if let known = nearest, x < low ? known <= value : value <= known { continue }
      nearest = value
    }
    return nearest
  }
}

/// A line below and a line above a function of one number over an interval: its linear relaxation.
///
/// Law: `lower(x) ≤ f(x) ≤ upper(x)` for every x of the interval, up to the rounding of the lines themselves,
/// which `RelaxationPlanes.widened` adds.
public struct LinePair: Sendable, Hashable {
  /// x ↦ slope · x + offset.
  public struct Line: Sendable, Hashable {
    public var slope: Double
    public var offset: Double

    public init(slope: Double, offset: Double) {
      self.slope = slope
      self.offset = offset
    }

    /// The line of this slope through a point; flat through it where the slope is not finite.
    public init(slope: Double, through x: Double, _ y: Double) {
      self.init(slope: slope, offset: y - slope * x)
    }

    public static func constant(_ value: Double) -> Line { Line(slope: 0, offset: value) }

    public func callAsFunction(_ x: Double) -> Double { slope * x + offset }
  }

  public var lower: Line
  public var upper: Line

  public init(lower: Line, upper: Line) {
    self.lower = lower
    self.upper = upper
  }

  /// The function is this line.
  public init(exactly line: Line) { self.init(lower: line, upper: line) }

  /// Nothing better than a range.
  public init(between least: Double, and most: Double) {
    self.init(lower: .constant(least), upper: .constant(most))
  }

  /// The pair for −f.
  public var negated: LinePair {
    func flipped(_ line: Line) -> Line { Line(slope: -line.slope, offset: -line.offset) }
    return LinePair(lower: flipped(upper), upper: flipped(lower))
  }
}

extension LinePair {
  /// Both lines moved outwards.
  public func widened(by error: Double) -> LinePair {
    var result = self
    result.lower.offset = (lower.offset - error).nextDown
    result.upper.offset = (upper.offset + error).nextUp
    return result
  }

  /// Room for 4 units in the last place of a `Float` at values between these.
  public func widenedForFloat(low: Double, high: Double) -> LinePair {
    widened(by: max(abs(low), abs(high)) * 4 * 0x1p-23 + 4 * OutwardRounding.underflow)
  }
}

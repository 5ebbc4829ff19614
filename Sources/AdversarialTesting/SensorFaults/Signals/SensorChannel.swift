/// What one measuring channel can deliver, from its data sheet, in engineering units.
public struct SensorChannel: Sendable, Hashable, Codable {
  public var name: String
  public var unit: String
  public var low: Double
  public var high: Double
  /// The distance of two neighbouring readings, counted from the low end; 0 where readings are continuous.
  public var leastSignificantBit: Double
  /// Standard deviation of the noise at rest.
  public var noise: Double

  public init(
    name: String, unit: String, low: Double, high: Double, leastSignificantBit: Double = 0,
    noise: Double = 0
  ) {
    precondition(
      low < high && low.isFinite && high.isFinite, "a channel's range is finite and not empty")
    precondition(
      leastSignificantBit >= 0 && leastSignificantBit <= high - low && noise >= 0
        && noise.isFinite, "resolution and noise are not negative and below the range")
    self.name = name
    self.unit = unit
    self.low = low
    self.high = high
    self.leastSignificantBit = leastSignificantBit
    self.noise = noise
  }

  public var span: Double { high - low }

  /// What the channel reports for a value: inside the range and on its grid. A missing value stays missing.
  public func reading(of value: Double) -> Double {
    guard !value.isNaN else { return value }
    let inside = min(max(value, low), high)
    guard leastSignificantBit > 0 else { return inside }
    let code = ((inside - low) / leastSignificantBit).rounded(.toNearestOrEven)
    let last = ((high - low) / leastSignificantBit + 1e-9).rounded(.down)
    return low + min(code, last) * leastSignificantBit
  }
}

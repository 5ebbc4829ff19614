public import EngineSupport

/// Every reading is too large by a factor, about the zero point.
public struct GainError: SensorFault {
  public static let name = "gain"
  public static let summary = "The sensitivity has changed: readings grow by a factor about zero."
  private static let shares = [0.005, 0.01, 0.02, 0.05, 0.1]
  public static let ladder = percentages(shares, "too much")

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    for index in place.channels {
      // The zero point is 0 where the range holds it, else its low end (a live zero such as 4 mA).
      let channel = recording.channels[index]
      let zero = channel.low <= 0 && 0 <= channel.high ? 0 : channel.low
      for time in place.samples(of: recording) {
        let value = recording.values[index][time]
        recording.values[index][time] = value + Self.shares.step(severity) * (value - zero)
      }
    }
  }
}

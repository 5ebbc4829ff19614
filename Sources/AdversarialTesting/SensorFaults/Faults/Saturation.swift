public import EngineSupport

/// The channel clips before the ends of its range.
public struct Saturation: SensorFault {
  public static let name = "saturation"
  public static let summary = "The channel clips before the ends of its range."
  private static let shares = [0.05, 0.1, 0.2, 0.3, 0.4]
  public static let ladder = percentages(shares, "of the range lost")

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    for index in place.channels {
      let channel = recording.channels[index]
      let lost = Self.shares.step(severity) * channel.span / 2
      for time in place.samples(of: recording) where !recording.values[index][time].isNaN {
        recording.values[index][time] = min(
          max(recording.values[index][time], channel.low + lost), channel.high - lost)
      }
    }
  }
}

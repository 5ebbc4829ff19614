public import EngineSupport

/// The reading stays where it was at the onset, for a part of the fault's time.
public struct StuckReading: SensorFault {
  public static let name = "stuck"
  public static let summary = "The reading stays where it was."
  private static let shares = [0.05, 0.1, 0.25, 0.5, 1]
  public static let ladder = percentages(shares, "of the time")

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    let samples = place.samples(of: recording)
    let count = Int((Double(samples.count) * Self.shares.step(severity)).rounded(.up))
    for index in place.channels {
      guard let first = samples.first else { continue }
      let held = recording.values[index][first]
      for time in samples.prefix(count) { recording.values[index][time] = held }
    }
  }
}

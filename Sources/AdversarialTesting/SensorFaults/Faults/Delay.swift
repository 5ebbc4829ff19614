public import EngineSupport

/// Readings arrive late and at uneven times: the signal is read from the past, between two samples.
public struct Delay: SensorFault {
  public static let name = "delay"
  public static let summary = "Readings arrive late and at uneven times."
  private static let periods = [0.1, 0.5, 1, 2, 5]
  public static let ladder = periods.map { period in
    "\(period == period.rounded() ? "\(Int(period))" : "\(period)") sampling periods"
  }

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    let samples = place.samples(of: recording)
    let late = Self.periods.step(severity)
    // Half of the delay is even, the other half differs from reading to reading.
    let moments = samples.map { Double($0) - late * (0.5 + 0.5 * random.uniform()) }
    for index in place.channels {
      let original = recording.values[index]
      for (time, moment) in zip(samples, moments) {
        let before = max(moment, 0)
        let first = Int(before.rounded(.down))
        let second = min(first + 1, original.count - 1)
        let share = before - Double(first)
        recording.values[index][time] =
          original[first] + share * (original[second] - original[first])
      }
    }
  }
}

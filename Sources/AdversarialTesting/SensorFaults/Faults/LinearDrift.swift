public import EngineSupport

/// An offset that grows evenly from the onset to the end of the fault.
public struct LinearDrift: SensorFault {
  public static let name = "linear-drift"
  public static let summary = "The zero point wanders evenly."
  static let shares = [0.01, 0.02, 0.04, 0.07, 0.1]
  public static let ladder = percentages(shares, "of the span at the end")

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    let samples = place.samples(of: recording)
    for index in place.channels {
      let end = Self.shares.step(severity) * recording.channels[index].span
      for time in samples {
        let share = Double(time - samples.lowerBound + 1) / Double(samples.count)
        recording.values[index][time] += end * share
      }
    }
  }
}

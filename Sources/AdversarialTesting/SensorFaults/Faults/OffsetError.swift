public import EngineSupport

/// Every reading is off by a constant.
public struct OffsetError: SensorFault {
  public static let name = "offset"
  public static let summary = "The zero point has moved: every reading is off by a constant."
  private static let shares = [0.005, 0.01, 0.02, 0.04, 0.08]
  public static let ladder = percentages(shares, "of the span")

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    for index in place.channels {
      let offset = Self.shares.step(severity) * recording.channels[index].span
      for time in place.samples(of: recording) { recording.values[index][time] += offset }
    }
  }
}

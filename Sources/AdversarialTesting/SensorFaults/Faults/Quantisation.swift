public import EngineSupport

/// Readings come in coarse steps, as with lost low bits of a converter.
public struct Quantisation: SensorFault {
  public static let name = "quantisation"
  public static let summary = "Low bits of the converter are lost."
  private static let steps: [Double] = [2, 4, 8, 16, 64]
  public static let ladder = steps.map { "steps of \(Int($0)) least significant bits" }

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    for index in place.channels {
      let channel = recording.channels[index]
      // A continuous channel has the grid of a twelve-bit converter.
      let bit = channel.leastSignificantBit > 0 ? channel.leastSignificantBit : channel.span / 4096
      let step = Self.steps.step(severity) * bit
      for time in place.samples(of: recording) {
        let code = ((recording.values[index][time] - channel.low) / step).rounded(.down)
        recording.values[index][time] = channel.low + code * step
      }
    }
  }
}

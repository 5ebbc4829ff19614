public import EngineSupport
import TensorCore

/// An offset that grows quickly at first and ever more slowly.
public struct LogarithmicDrift: SensorFault {
  public static let name = "logarithmic-drift"
  public static let summary = "The zero point wanders quickly at first, then ever more slowly."
  public static let ladder = percentages(LinearDrift.shares, "of the span at the end")

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    let samples = place.samples(of: recording)
    let whole = PortableMath.log(1 + Double(samples.count))
    for index in place.channels {
      let end = LinearDrift.shares.step(severity) * recording.channels[index].span
      for time in samples {
        let share = PortableMath.log(Double(time - samples.lowerBound + 2)) / whole
        recording.values[index][time] += end * share
      }
    }
  }
}

public import EngineSupport
import TensorCore

/// The channel follows with a lag of first order, as a clogged impulse line does.
public struct SlowResponse: SensorFault {
  public static let name = "slow-response"
  public static let summary = "The channel follows late, as with a clogged impulse line."
  private static let constants: [Double] = [1, 2, 5, 10, 20]
  public static let ladder = constants.map { "a time constant of \(Int($0)) samples" }

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    let samples = place.samples(of: recording)
    let share = 1 - PortableMath.exp(-1 / Self.constants.step(severity))
    for index in place.channels {
      guard let first = samples.first else { continue }
      var shown = recording.values[index][max(first - 1, 0)]
      for time in samples where !recording.values[index][time].isNaN {
        shown += share * (recording.values[index][time] - shown)
        recording.values[index][time] = shown
      }
    }
  }
}

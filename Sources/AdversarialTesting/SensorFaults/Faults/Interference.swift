public import EngineSupport
import TensorCore

/// Hum of the mains on the wires, aliased to a slow wave by the sampling, with bursts of impulses.
public struct Interference: SensorFault {
  public static let name = "interference"
  public static let summary = "Mains hum and switching impulses reach the wires."
  private static let shares = [0.01, 0.03, 0.06, 0.1, 0.2]
  public static let ladder = percentages(shares, "of the span")

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    // One period in 3 to 20 samples, as a 50 or 60 Hz wave folds down at slow sampling rates.
    let cycles = 0.05 + random.uniform() * 0.28
    let phase = random.uniform()
    for index in place.channels {
      let height = Self.shares.step(severity) * recording.channels[index].span
      for time in place.samples(of: recording) {
        let turns = cycles * Double(time) + phase
        let wave = PortableMath.sin(2 * .pi * (turns - turns.rounded(.down)))
        let draw = random.uniform()
        let impulse: Double = draw < 0.01 ? 1 : draw < 0.02 ? -1 : 0
        recording.values[index][time] += height * (wave + impulse)
      }
    }
  }
}

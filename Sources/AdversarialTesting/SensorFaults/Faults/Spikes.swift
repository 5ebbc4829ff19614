public import EngineSupport
import TensorCore

/// Single readings far off, at random times.
public struct Spikes: SensorFault {
  public static let name = "spikes"
  public static let summary = "Single readings are far off."
  private static let heights: [Double] = [3, 5, 8, 12, 20]
  private static let rates = [0.001, 0.005, 0.01, 0.025, 0.05]
  public static let ladder = zip(heights, percentages(rates, "of the readings")).map {
    "\(Int($0)) standard deviations, \($1)"
  }

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    for index in place.channels {
      let scale = deviation(of: recording.values[index], recording.channels[index])
      for time in place.samples(of: recording) {
        let draw = random.uniform()
        let sign: Double = random.uniform() < 0.5 ? -1 : 1
        guard draw < Self.rates.step(severity) else { continue }
        recording.values[index][time] += sign * Self.heights.step(severity) * scale
      }
    }
  }

  /// The standard deviation of the recording, and at least that of the channel's noise.
  private func deviation(of values: [Double], _ channel: SensorChannel) -> Double {
    let known = values.filter(\.isFinite)
    guard known.count > 1 else { return max(channel.noise, 0.01 * channel.span) }
    let mean = known.reduce(0, +) / Double(known.count)
    let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return max((squares / Double(known.count - 1)).squareRoot(), channel.noise)
  }
}

public import EngineSupport

/// White noise over the channel's own.
public struct AddedNoise: SensorFault {
  public static let name = "added-noise"
  public static let summary = "The channel is noisier than its data sheet says."
  private static let factors = [0.5, 1, 2, 4, 8]
  public static let ladder = factors.map { factor in
    "\(factor == factor.rounded() ? "\(Int(factor))" : "\(factor)") × the noise of the data sheet"
  }

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    for index in place.channels {
      let channel = recording.channels[index]
      // A channel without a noise figure has that of a good transmitter.
      let noise = channel.noise > 0 ? channel.noise : 0.001 * channel.span
      for time in place.samples(of: recording) {
        recording.values[index][time] += Self.factors.step(severity) * noise * random.gaussian()
      }
    }
  }
}

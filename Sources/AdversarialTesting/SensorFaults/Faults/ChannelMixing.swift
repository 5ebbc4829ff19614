public import EngineSupport

/// Wires disturb each other: a part of the neighbour's signal shows up, at the worst step channels are swapped.
public struct ChannelMixing: SensorFault {
  public static let name = "channel-mixing"
  public static let summary =
    "A part of the neighbouring channel shows up; at worst the wires are swapped."
  private static let shares = [0.01, 0.05, 0.1, 0.2]
  public static let ladder = percentages(shares, "cross-talk") + ["channels swapped"]

  public init() {}

  /// A single channel has the wrong polarity instead at the worst step, and cross-talk with its own mirror image before.
  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    let original = recording
    let share = severity > Self.shares.count ? 1 : Self.shares.step(severity)
    for (position, index) in place.channels.enumerated() {
      let channel = recording.channels[index]
      let other = place.channels[(position + 1) % place.channels.count]
      let neighbour = recording.channels[other]
      for time in place.samples(of: recording) {
        let own = original.values[index][time]
        // Shares of the span, so that bars may talk into cubic metres.
        let foreign = (original.values[other][time] - neighbour.low) / neighbour.span
        let shown = channel.low + channel.span * (other == index ? 1 - foreign : foreign)
        recording.values[index][time] = own + share * (shown - own)
      }
    }
  }
}

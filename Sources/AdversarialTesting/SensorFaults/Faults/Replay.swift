public import EngineSupport

/// A piece of the channel's own past is shown instead of the present: the piece whose end fits best.
public struct Replay: SensorFault {
  public static let name = "replay"
  public static let summary = "A recorded piece of the past is shown instead of the present."
  private static let shares = [0.1, 0.25, 0.5, 0.75, 1]
  public static let ladder = percentages(shares, "of the time")

  public init() {}

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    let samples = place.samples(of: recording)
    let count = Int((Double(samples.count) * Self.shares.step(severity)).rounded(.up))
    // Without a past as long as the fault there is nothing to replay.
    guard count > 0, samples.lowerBound >= samples.count else { return }
    let starts = 0...(samples.lowerBound - samples.count)
    let start =
      starts.min { splice(recording, place, $0, samples) < splice(recording, place, $1, samples) }
      ?? 0
    for index in place.channels {
      let past = Array(recording.values[index][start..<start + count])
      for (offset, time) in samples.prefix(count).enumerated() {
        recording.values[index][time] = past[offset]
      }
    }
  }

  /// How far the replayed piece's first reading lies from the last true one, in spans.
  private func splice(
    _ recording: Recording, _ place: FaultPlace, _ start: Int, _ samples: Range<Int>
  ) -> Double {
    place.channels.reduce(0) { sum, index in
      let difference = recording.values[index][start] - recording.values[index][samples.lowerBound]
      return sum + abs(difference) / recording.channels[index].span
    }
  }
}

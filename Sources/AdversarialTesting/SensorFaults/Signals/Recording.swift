/// A recording of several channels on one clock, in engineering units: what a sensor fault happens to, once,
/// before anything cuts it into windows.
///
/// Law: every channel has the same number of samples. NaN is a missing sample.
public struct Recording: Sendable, Equatable {
  public let channels: [SensorChannel]
  /// By channel, then by time.
  public var values: [[Double]]

  public init(channels: [SensorChannel], values: [[Double]]) {
    precondition(channels.count == values.count, "one row of samples a channel")
    precondition(Set(values.map(\.count)).count <= 1, "all channels have one length")
    self.channels = channels
    self.values = values
  }

  /// Samples of a channel.
  public var length: Int { values.first?.count ?? 0 }
}

/// Which channels a fault meets, and when.
public struct FaultPlace: Sendable, Hashable, Codable {
  /// Channels by position; for faults between channels the first is disturbed by the next.
  public var channels: [Int]
  public var onset: Int
  public var duration: Int

  public init(channels: [Int], onset: Int, duration: Int) {
    self.channels = channels
    self.onset = onset
    self.duration = duration
  }

  /// The samples concerned, cut to a recording's length.
  func samples(of recording: Recording) -> Range<Int> {
    let start = min(max(onset, 0), recording.length)
    return start..<min(start + max(duration, 0), recording.length)
  }
}

public import EngineSupport

/// A way in which a sensor, its wiring or its converter goes wrong, with five degrees of severity.
///
/// Faults are causes beside attackers: nobody has to want them. Sources: the fault models of Ni et al.,
/// "Sensor network data fault types", ACM TOSN 5 (2009), and of the VTNSI fault injector.
public protocol SensorFault: Sendable {
  /// Lower-case words with hyphens; unique.
  static var name: String { get }
  /// One plain sentence.
  static var summary: String { get }
  /// What each of the five steps means, in words for the report.
  static var ladder: [String] { get }

  init()

  /// Disturbs the samples of a range.
  ///
  /// Severity runs from 1 to 5. The caller brings what comes out into the channels' ranges and onto their grids.
  func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom)
}

extension SensorFault {
  /// The recording as the channels report it while the fault lasts; outside it nothing changes.
  ///
  /// Severity 0 is the recording itself. The stream depends on the fault's name, so that faults drawn from one
  /// seed are independent, and not on the severity, so that steps of one ladder differ in severity alone.
  public func applied(
    to recording: Recording, at place: FaultPlace, severity: Int, random: SeededRandom
  ) -> Recording {
    precondition((0...5).contains(severity), "a ladder has five steps")
    precondition(
      place.channels.allSatisfy { recording.channels.indices.contains($0) },
      "a fault meets channels of the recording")
    guard severity > 0, !place.channels.isEmpty else { return recording }
    var stream = random.stream(named: Self.name, 0)
    var result = recording
    disturb(&result, place, severity: severity, random: &stream)
    let samples = place.samples(of: recording)
    for (index, channel) in recording.channels.enumerated() {
      var row = recording.values[index]
      for time in samples where result.values[index][time] != row[time] {
        row[time] = channel.reading(of: result.values[index][time])
      }
      result.values[index] = row
    }
    return result
  }
}

extension [Double] {
  /// The step of a ladder for severity 1 to 5.
  func step(_ severity: Int) -> Double { self[Swift.min(Swift.max(severity - 1, 0), count - 1)] }
}

/// Percentages as words.
func percentages(_ shares: [Double], _ of: String) -> [String] {
  shares.map { share in
    let percent = (share * 1000).rounded() / 10
    let text = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
    return "\(text) % \(of)"
  }
}

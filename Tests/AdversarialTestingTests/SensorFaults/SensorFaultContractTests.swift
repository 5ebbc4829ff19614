import AdversarialTesting
import EngineSupport
import Foundation
import Testing

/// What every sensor fault in the list must keep to, whoever writes it.
@Suite struct SensorFaultContractTests {
  private static let faults: [any SensorFault] = SensorFaults.all.map { $0.init() }

  /// Two channels that walk at random: a pressure of 12 bits and a flow without a grid.
  private static func recording(seed: UInt64) -> Recording {
    var random = SeededRandom(seed: seed)
    let channels = [
      SensorChannel(
        name: "pressure", unit: "bar", low: 0, high: 16, leastSignificantBit: 16.0 / 4096,
        noise: 0.02),
      SensorChannel(name: "flow", unit: "m³/h", low: -20, high: 120, noise: 0.3),
    ]
    let values = channels.map { channel in
      var value = channel.low + channel.span * (0.3 + 0.4 * random.uniform())
      return (0..<240).map { _ in
        value += channel.span * 0.04 * (random.uniform() - 0.5)
        return channel.reading(of: value)
      }
    }
    return Recording(channels: channels, values: values)
  }

  private static let place = FaultPlace(channels: [0, 1], onset: 120, duration: 100)

  private func distance(_ left: Recording, _ right: Recording) -> Double {
    zip(left.channels.indices, left.channels).reduce(0) { sum, item in
      let (index, channel) = item
      return sum
        + zip(left.values[index], right.values[index]).reduce(0) { $0 + abs($1.0 - $1.1) }
        / channel.span
    }
  }

  @Test func theListNamesEveryFileOfTheFolderInOrder() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/AdversarialTesting/SensorFaults/Faults")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .map { String($0.dropLast(6)) }.sorted()
    #expect(SensorFaults.all.map { "\($0)" } == files)
    #expect(Set(SensorFaults.all.map { $0.name }).count == 16)
    #expect(SensorFaults.all.allSatisfy { $0.ladder.count == 5 && !$0.summary.isEmpty })
  }

  @Test(arguments: 0..<16) func severityZeroIsTheRecordingItself(_ index: Int) {
    let recording = Self.recording(seed: 1)
    let same = Self.faults[index].applied(
      to: recording, at: Self.place, severity: 0, random: SeededRandom(seed: 1))
    #expect(same == recording)
  }

  @Test(arguments: 0..<16) func readingsStayInRangeOnTheGridAndInsideTheFaultsTime(_ index: Int) {
    for seed in UInt64(1)...10 {
      let recording = Self.recording(seed: seed)
      for severity in 1...5 {
        let disturbed = Self.faults[index].applied(
          to: recording, at: Self.place, severity: severity, random: SeededRandom(seed: seed))
        for (channel, item) in recording.channels.enumerated() {
          for time in 0..<recording.length {
            let value = disturbed.values[channel][time]
            if (120..<220).contains(time) {
              #expect(item.low <= value && value <= item.high)
              #expect(abs(item.reading(of: value) - value) < 1e-9)
            } else {
              #expect(value == recording.values[channel][time])
            }
          }
        }
      }
    }
  }

  /// Averaged over recordings each step disturbs at least as much as the one before.
  @Test(arguments: 0..<16) func eachStepOfTheLadderDisturbsMore(_ index: Int) {
    var sums = [Double](repeating: 0, count: 6)
    for seed in UInt64(1)...20 {
      let recording = Self.recording(seed: seed)
      for severity in 0...5 {
        sums[severity] += distance(
          recording,
          Self.faults[index].applied(
            to: recording, at: Self.place, severity: severity, random: SeededRandom(seed: seed)))
      }
    }
    #expect(sums == sums.sorted(), "\(type(of: Self.faults[index]).name): \(sums)")
    #expect(sums[5] > sums[1], "\(type(of: Self.faults[index]).name): \(sums)")
  }

  @Test(arguments: 0..<16) func theSameSeedGivesTheSameReadings(_ index: Int) {
    let recording = Self.recording(seed: 3)
    func run(_ seed: UInt64) -> Recording {
      Self.faults[index].applied(
        to: recording, at: Self.place, severity: 4, random: SeededRandom(seed: seed))
    }
    #expect(run(7) == run(7))
  }

  @Test func placesOutsideTheRecordingAreCut() {
    let recording = Self.recording(seed: 4)
    for fault in Self.faults {
      for place in [
        FaultPlace(channels: [0], onset: 230, duration: 1_000),
        FaultPlace(channels: [1], onset: -5, duration: 3),
        FaultPlace(channels: [0, 1], onset: 10_000, duration: 10),
        FaultPlace(channels: [], onset: 0, duration: 10),
        FaultPlace(channels: [1], onset: 100, duration: -1),
      ] {
        let disturbed = fault.applied(
          to: recording, at: place, severity: 5, random: SeededRandom(seed: 1))
        #expect(disturbed.length == recording.length)
      }
    }
  }
}

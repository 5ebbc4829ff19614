import AdversarialTesting
import EngineSupport
import Testing

/// Single faults against what can be reckoned by hand, and the counting of events.
@Suite struct SensorFaultTests {
  private let channel = SensorChannel(name: "level", unit: "m", low: 0, high: 10)

  private func applied(
    _ fault: some SensorFault, to values: [Double], _ severity: Int, onset: Int = 0
  ) -> [Double] {
    fault.applied(
      to: Recording(channels: [channel], values: [values]),
      at: FaultPlace(channels: [0], onset: onset, duration: values.count), severity: severity,
      random: SeededRandom(seed: 1)
    ).values[0]
  }

  @Test func offsetsAndGainsAreShares() {
    #expect(applied(OffsetError(), to: [1, 9.5], 5) == [1.8, 10])
    #expect(applied(GainError(), to: [1, 5], 5) == [1.1, 5.5])
  }

  @Test func driftsEndWhereTheLadderSays() {
    let ramp = applied(LinearDrift(), to: [0, 0, 0, 0], 5)
    #expect(ramp == [0.25, 0.5, 0.75, 1])
    let bent = applied(LogarithmicDrift(), to: [0, 0, 0, 0], 5)
    #expect(abs(bent[3] - 1) < 1e-12 && bent[0] > ramp[0])
  }

  @Test func stuckReadingsHoldTheFirst() {
    #expect(applied(StuckReading(), to: [3, 4, 5, 6], 4) == [3, 3, 5, 6])
    #expect(applied(StuckReading(), to: [3, 4, 5, 6], 5, onset: 1) == [3, 4, 4, 4])
  }

  @Test func dropoutsAreFilledAsAsked() {
    let values = (0..<400).map { 1 + Double($0) / 100 }
    let zeros = applied(Dropout(filling: .zero), to: values, 4)
    let lost = zeros.count { $0 == 0 }
    #expect((60...140).contains(lost))
    #expect(applied(Dropout(filling: .missing), to: values, 4).count { $0.isNaN } == lost)
    let held = applied(Dropout(), to: values, 4)
    #expect(zip(held, values).allSatisfy { $0 <= $1 })
  }

  @Test func saturationClipsAndQuantisationSteps() {
    #expect(applied(Saturation(), to: [0, 5, 10], 5) == [2, 5, 8])
    let grid = SensorChannel(name: "code", unit: "1", low: 0, high: 100, leastSignificantBit: 1)
    let coarse = Quantisation().applied(
      to: Recording(channels: [grid], values: [[7, 15, 16, 63, 64, 99]]),
      at: FaultPlace(channels: [0], onset: 0, duration: 6), severity: 5,
      random: SeededRandom(seed: 1))
    #expect(coarse.values[0] == [0, 0, 0, 0, 64, 64])
  }

  /// A step answered with a lag reaches 1 − e⁻¹ after one time constant.
  @Test func slowResponsesAreOfFirstOrder() {
    let step = applied(SlowResponse(), to: [0] + Array(repeating: 1, count: 20), 3, onset: 1)
    #expect(abs(step[5] - (1 - 1 / 2.718281828459045)) < 1e-12)
  }

  @Test func replaysShowThePast() {
    let values = (0..<40).map { Double($0 % 10) }
    let replayed = Replay().applied(
      to: Recording(channels: [channel], values: [values]),
      at: FaultPlace(channels: [0], onset: 25, duration: 10), severity: 5,
      random: SeededRandom(seed: 1))
    // The piece that begins at the same phase fits best, and then nothing shows.
    #expect(replayed.values[0] == values)
  }

  @Test func swappedChannelsTradeTheirShares() {
    let other = SensorChannel(name: "flow", unit: "m³/h", low: 0, high: 100)
    let mixed = ChannelMixing().applied(
      to: Recording(channels: [channel, other], values: [[1, 2], [90, 80]]),
      at: FaultPlace(channels: [0, 1], onset: 0, duration: 2), severity: 5,
      random: SeededRandom(seed: 1))
    #expect(mixed.values == [[9, 8], [10, 20]])
    #expect(applied(ChannelMixing(), to: [1, 4], 5) == [9, 6])
  }

  @Test func injectionsFollowTheirDirection() {
    let moved = CoordinatedInjection(direction: [1, -0.5]).applied(
      to: Recording(channels: [channel, channel], values: [[5], [5]]),
      at: FaultPlace(channels: [0, 1], onset: 0, duration: 1), severity: 5,
      random: SeededRandom(seed: 1))
    #expect(abs(moved.values[0][0] - 6.6) < 1e-12 && abs(moved.values[1][0] - 4.2) < 1e-12)
  }

  @Test func eventsAreCountedAsWholes() {
    var raised = [Bool](repeating: false, count: 100)
    for time in [5, 6, 22, 23, 24, 31, 70] { raised[time] = true }
    let metrics = EventMetrics(events: [20..<30, 50..<60, 65..<68], raised: raised, grace: 4)
    #expect(metrics.detected == 2 && metrics.missed == 1)
    #expect(metrics.delays == [2, 5])
    #expect(metrics.trueAlarms == 3 && metrics.falseAlarms == 1)
    #expect(metrics.recall == 2.0 / 3 && metrics.precision == 0.75)
    let f1 = metrics.f1 ?? 0
    #expect(abs(f1 - 2 * (2.0 / 3) * 0.75 / (2.0 / 3 + 0.75)) < 1e-12)
    let silent = EventMetrics(events: [], raised: [false])
    #expect(silent.recall == nil && silent.precision == nil && silent.f1 == nil)
  }
}

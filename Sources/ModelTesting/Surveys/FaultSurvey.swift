import AdversarialTesting
import EngineSupport
import TensorCore

/// Sensor faults on the samples of a run: one part is one fault on one channel, over the steps of its ladder.
struct FaultSurvey: Sendable {
  let judge: AnswerJudge
  let inputs: Tensor<Float>
  let geometry: InputGeometry
  let plan: TestPlan.FaultTest
  let severities: [Int]
  let seed: UInt64

  /// With more channels than this, each sample has one of them disturbed, drawn by its number.
  private static let channelsShown = 4
  /// What says nothing about a single instant.
  private static let needsTime: Set<String> = [
    Delay.name, LinearDrift.name, LogarithmicDrift.name, Replay.name, SlowResponse.name,
    StuckReading.name, Interference.name,
  ]
  /// What needs several channels, and disturbs them together.
  private static let needsChannels: Set<String> = [ChannelMixing.name, CoordinatedInjection.name]

  struct Part: Sendable {
    var fault: any SensorFault.Type
    /// `nil` where a channel is drawn for each sample, or all take part.
    var channel: Int?
  }

  var parts: [Part] {
    SensorFaults.all.flatMap { fault -> [Part] in
      if length == 1, Self.needsTime.contains(fault.name) { return [] }
      if Self.needsChannels.contains(fault.name) {
        return plan.channels.count > 1 ? [Part(fault: fault, channel: nil)] : []
      }
      if plan.channels.count > Self.channelsShown { return [Part(fault: fault, channel: nil)] }
      return plan.channels.map { Part(fault: fault, channel: $0) }
    }
  }

  /// Faults that are left out, with the reason.
  var notRun: [String] {
    SensorFaults.all.compactMap { fault in
      if length == 1, Self.needsTime.contains(fault.name) {
        return "The fault \(fault.name) was not run: a sample is one instant."
      }
      if Self.needsChannels.contains(fault.name), plan.channels.count == 1 {
        return "The fault \(fault.name) was not run: it needs a second channel."
      }
      return nil
    }
  }

  /// Samples over time in one sample of the model.
  private var length: Int { geometry.input.axis(.time).map { geometry.shape[$0] } ?? 1 }

  func run(_ part: Part) throws -> [SurvivalRow] {
    let trials = judge.trials
    let kind = part.fault
    return try severities.map { severity in
      var elements: [Float] = []
      for row in trials { elements += disturbed(row, by: kind.init(), part, severity) }
      let tally = try judge.tally(
        Tensor(shape: [trials.count] + geometry.shape, elements: elements), rows: trials)
      return SurvivalRow(
        disturbance: kind.name, place: place(of: part), severity: severity,
        meaning: kind.ladder[severity - 1], trials: trials.count, kept: tally.kept,
        missed: tally.missed, falseAlarms: tally.falseAlarms)
    }
  }

  private func place(of part: Part) -> String {
    if let channel = part.channel { return geometry.input.channels[channel].name }
    return Self.needsChannels.contains(part.fault.name)
      ? "\(plan.channels.count) channels together" : "one of \(plan.channels.count) channels"
  }

  private func disturbed(
    _ row: Int, by fault: any SensorFault, _ part: Part, _ severity: Int
  ) -> [Float] {
    let random = SeededRandom(seed: seed).stream("fault", row)
    let width = geometry.channelOfElement.count
    let sample = Array(inputs.elements[row * width..<(row + 1) * width])
    let recording = Recording(
      channels: geometry.input.channels.map(\.sensor),
      values: geometry.input.channels.indices.map { channel in
        geometry.elements(of: channel).map { geometry.input.units(sample[$0]) }
      })
    let result = fault.applied(
      to: recording,
      at: FaultPlace(
        channels: channels(of: part, random), onset: min(plan.onset, length - 1),
        duration: plan.duration ?? length),
      severity: severity, random: random)
    var disturbed = sample
    for (channel, values) in result.values.enumerated() {
      // A reading that is missing is held: that is what a converter without a new value passes on.
      var held = values.first { !$0.isNaN } ?? geometry.input.channels[channel].range.lowerBound
      for (time, element) in geometry.elements(of: channel).enumerated() {
        if !values[time].isNaN { held = values[time] }
        if held != recording.values[channel][time] {
          disturbed[element] = geometry.input.tensorValue(held)
        }
      }
    }
    return disturbed
  }

  private func channels(of part: Part, _ random: SeededRandom) -> [Int] {
    if let channel = part.channel { return [channel] }
    if Self.needsChannels.contains(part.fault.name) { return plan.channels }
    var draw = random.stream("channel", 0)
    return [plan.channels[draw.index(below: plan.channels.count)]]
  }
}

extension TestPlan.Channel {
  var sensor: SensorChannel {
    SensorChannel(
      name: name, unit: unit, low: range.lowerBound, high: range.upperBound,
      leastSignificantBit: leastSignificantBit, noise: noise)
  }
}

extension TestPlan.Input {
  func units(_ value: Float) -> Double {
    Double(value) * scaling.unitsPerTensorUnit + scaling.offset
  }

  func tensorValue(_ units: Double) -> Float {
    Float((units - scaling.offset) / scaling.unitsPerTensorUnit)
  }
}

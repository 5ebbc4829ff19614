import AdversarialTesting
import EngineSupport
import TensorCore

/// Image corruptions on the samples of a run: one part is one corruption over the steps of its ladder.
struct CorruptionSurvey: Sendable {
  let judge: AnswerJudge
  let inputs: Tensor<Float>
  let geometry: InputGeometry
  let severities: [Int]
  let seed: UInt64

  func run(_ kind: any ImageCorruption.Type) throws -> [SurvivalRow] {
    let trials = judge.trials
    return try severities.map { severity in
      var elements: [Float] = []
      for row in trials { elements += corrupted(row, by: kind.init(), severity) }
      let tally = try judge.tally(
        Tensor(shape: [trials.count] + geometry.shape, elements: elements), rows: trials)
      return SurvivalRow(
        disturbance: kind.name, place: "", severity: severity, meaning: kind.meanings[severity - 1],
        trials: trials.count, kept: tally.kept, missed: tally.missed,
        falseAlarms: tally.falseAlarms)
    }
  }

  private func corrupted(
    _ row: Int, by corruption: any ImageCorruption, _ severity: Int
  ) -> [Float] {
    let width = geometry.channelOfElement.count
    var sample = Array(inputs.elements[row * width..<(row + 1) * width])
    let order = planes
    let channels = geometry.input.channels
    let image = RasterImage(
      channels: order.count / (extent(.row) * extent(.column)), height: extent(.row),
      width: extent(.column),
      values: order.map { element in
        let channel = channels[geometry.channelOfElement[element]]
        return (geometry.input.units(sample[element]) - channel.range.lowerBound) / channel.span
      })
    let result = corruption.applied(
      to: image, severity: severity, random: SeededRandom(seed: seed).stream("corruption", row))
    for (place, element) in order.enumerated() {
      let channel = channels[geometry.channelOfElement[element]]
      let value = channel.range.lowerBound + result.values[place] * channel.span
      sample[element] = geometry.input.tensorValue(channel.sensor.reading(of: value))
    }
    return sample
  }

  private func extent(_ axis: TestPlan.Axis) -> Int {
    geometry.input.axis(axis).map { geometry.shape[$0] } ?? 1
  }

  /// Elements channel after channel, each row by row.
  private var planes: [Int] {
    func stride(_ axis: TestPlan.Axis) -> Int {
      geometry.input.axis(axis).map { geometry.shape[($0 + 1)...].reduce(1, *) } ?? 0
    }
    let channels = geometry.input.axis(.channel) == nil ? 1 : extent(.channel)
    return (0..<channels).flatMap { channel in
      (0..<extent(.row)).flatMap { row in
        (0..<extent(.column)).map {
          channel * stride(.channel) + row * stride(.row) + $0 * stride(.column)
        }
      }
    }
  }
}

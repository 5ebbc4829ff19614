import AdversarialTesting
import EngineSupport
import TensorCore

/// Randomised smoothing of one deviation: one part is one sample.
struct SmoothingSurvey: Sendable {
  /// Places among the run's rows, in the order of the draw.
  let places: [Int]
  private let run: ModelTestRun
  private let test: TestPlan.SmoothingTest
  private let deviation: Double
  private let smoothing: RandomizedSmoothing
  private let units: Double

  init(_ test: TestPlan.SmoothingTest, deviation: Double, of run: ModelTestRun) {
    self.run = run
    self.test = test
    self.deviation = deviation
    units = run.plan.input.scaling.unitsPerTensorUnit
    smoothing = RandomizedSmoothing(
      deviation: deviation / units, selectionDraws: run.profile.selectionDraws(of: test),
      estimationDraws: run.profile.draws(of: test), errorRate: test.errorRate)
    places = Array(run.drawn.prefix(min(test.samples, run.profile.certificateLimit)))
  }

  /// The noise belongs to the row of the data, so that it is the same in a longer run.
  func row(at place: Int) throws -> SmoothedRow {
    let width = run.geometry.channelOfElement.count
    let sample = Tensor(
      shape: run.geometry.shape,
      elements: Array(run.inputs.elements[place * width..<(place + 1) * width]))
    let verdict = try smoothing.verdict(
      for: sample, by: run.model.target,
      random: SeededRandom(seed: run.seed).stream("smoothing", run.rows[place]))
    return SmoothedRow(
      verdict, index: run.rows[place], label: run.labels[place], unitsPerTensorUnit: units)
  }

  func result(_ rows: [SmoothedRow]) -> SmoothingResult {
    SmoothingResult(
      deviation: deviation, selectionDraws: smoothing.selectionDraws,
      draws: smoothing.estimationDraws, errorRate: smoothing.errorRate,
      greatestRadius: smoothing.greatestRadius * units, rows: rows.sorted { $0.index < $1.index },
      accuracy: ([0] + test.radii).map { radius in
        SmoothingResult.Accuracy(
          radius: radius, samples: rows.count,
          certified: rows.count { $0.answer == $0.label && $0.radius >= radius })
      })
  }
}

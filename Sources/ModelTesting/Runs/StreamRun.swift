import AdversarialTesting
import EngineSupport
import Provenance

/// A plan's streams made ready: every attacker once more, bending each instant of a longer signal once.
struct StreamRun: Sendable {
  let test: TestPlan.StreamTest
  /// Rows of the streams' data, ascending.
  let rows: [Int]
  let digest: ContentDigest
  /// Instants of a stream, and windows over it.
  let length: Int
  let windows: Int
  let attackers: [AttackerRun]
  /// What could not be run, and why; one sentence each.
  let notRun: [String]

  /// - Parameter setting: That of the plan's windows.
  /// - Throws: `plan.streams.onset` where the attack begins after the stream, `test.model.shape` where the windows
  ///   are too many, or what of the data does not fit.
  init(
    _ test: TestPlan.StreamTest, on samples: EvaluationSamples, limit: Int?,
    in setting: AttackerRun.Setting
  ) throws(Diagnostic) {
    let plan = setting.plan
    guard let time = plan.input.axis(.time) else {
      throw Diagnostic(
        "plan.layout", "streams are longer along an axis `time`, and the layout has none",
        at: test.location)
    }
    self.test = test
    digest = samples.digest
    length = samples.shape[time]
    guard test.onset < length else {
      throw Diagnostic(
        "plan.streams.onset",
        "the attack begins at instant \(test.onset), a stream has \(length), counted from 0",
        at: test.location)
    }
    let target: WindowedModel
    do {
      target = try WindowedModel(
        setting.model.target, recording: length, stride: test.step, axis: time)
    } catch {
      throw Diagnostic(error.code, error.message, at: test.location)
    }
    windows = target.windowCount
    rows = samples.drawn.prefix(min(limit ?? .max, setting.profile.streamLimit ?? .max)).sorted()
    let (inputs, labels) = samples.batch(rows)
    let geometry = try InputGeometry(plan.input, shape: target.inputShape)
    try geometry.check(inputs, rows: rows, named: test.data)
    let own = AttackerRun.Setting(
      plan: plan, model: setting.model, target: target,
      goal: test.goal(
        of: plan.task, windows: windows, outputs: setting.model.target.classCount),
      stream: AttackerRun.Setting.Stream(onset: test.onset, timeAxis: time), geometry: geometry,
      profile: setting.profile, seed: setting.seed, inputs: inputs, labels: labels,
      measurementModels: [:])
    var attackers: [AttackerRun] = []
    var notRun: [String] = []
    for attacker in plan.attackers {
      guard attacker.measurementModel == nil else {
        notRun.append(
          "The attacker at the front \(attacker.front.rawValue) bent no streams: a measurement model speaks of one "
            + "window.")
        continue
      }
      var judged = attacker
      judged.acceptance = test.acceptance
      attackers.append(try AttackerRun(judged, in: own))
    }
    self.attackers = attackers
    self.notRun = notRun
  }
}

import EngineSupport
import Provenance
import TensorCore
import ThreatKnowledge

@testable import AdversarialTesting
@testable import AssessmentPipeline
@testable import ModelTesting
@testable import Reporting

/// A run of a test plan made by hand: two attackers, noise, faults, corruptions, brackets, a detector's classes.
extension Fixture {
  /// What the four values of a sample are; each is drawn in its own way.
  enum Input: CaseIterable {
    case image, signal, snapshot

    var layout: [TestPlan.Axis] {
      switch self {
      case .image: [.channel, .row, .column]
      case .signal: [.time, .channel]
      case .snapshot: [.channel]
      }
    }

    var shape: [Int] {
      switch self {
      case .image: [1, 2, 2]
      case .signal: [2, 2]
      case .snapshot: [4]
      }
    }

    var channels: Int {
      switch self {
      case .image: 1
      case .signal: 2
      case .snapshot: 4
      }
    }
  }

  func run() throws -> ModelTestResult {
    let sensor = attacker(.sensor)
    let tried = [campaign(budgets: [1, 2], broken: 1), campaign(budgets: [1, 2], broken: 2)]
    let union = CampaignResult.union(of: tried)
    let part = union
    return ModelTestResult(
      plan: plan, profile: .quick, seed: 7,
      resolved: .object([("sampling", "3 samples"), ("title", .string(text("plan")))]),
      digest: ContentDigest(of: "plan".utf8), rows: [0, 1, 2],
      cleanError: RegressionError(
        samples: 3, meanAbsolute: 0.125, largest: 0.5, row: 2, unit: text("bar")),
      attackers: [
        AttackerResult(
          attacker: sensor, unit: plan.unit(of: sensor), result: union, campaigns: tried,
          unconstrained: campaign(budgets: [1, 2], broken: 3), acceptance: .undecided),
        AttackerResult(
          attacker: attacker(.network), unit: plan.unit(of: attacker(.network)),
          result: campaign(budgets: [4, 8], broken: 1),
          campaigns: [campaign(budgets: [4, 8], broken: 1)], unconstrained: nil, acceptance: nil),
      ], noise: campaign(budgets: [3], broken: 1), streams: streams, faults: faults,
      corruptions: corruptions,
      brackets: BracketResult(
        front: .sensor, unit: plan.unit(of: sensor),
        summary: try BracketSummary(
          part,
          certificates: [
            CertifiedRadius(value: 0.5, method: .lines),
            CertifiedRadius(value: 1.25, method: .splitting), nil,
          ])), faultCertificates: [faultCertificate], properties: properties,
      smoothing: [smoothing], notTested: [text("not run")])
  }

  var plan: TestPlan {
    let place = SourceLocation(document: text("test-plan.yaml"), line: 1, column: 1, path: nil)
    let channels = (0..<input.channels).map { index in
      TestPlan.Channel(
        name: text("channel \(index)"), group: nil, unit: text("grey"), range: 0...16,
        leastSignificantBit: 1, noise: index == 0 ? 0.5 : 0, slew: 2, isMonotone: false)
    }
    return TestPlan(
      document: text("test-plan.yaml"), title: text("plan"),
      task: .classification(classes: [text("quiet"), text("event")], quiet: 0), modelDigest: nil,
      input: TestPlan.Input(
        tensor: text("image"), layout: input.layout, channels: channels, balances: [], oneHot: [],
        bandwidth: nil, samplingJitter: nil, scaling: .identity, location: place),
      data: TestPlan.Data(
        file: TestPlan.FileReference(path: text("eval.npz"), location: place),
        inputs: text("images"), labels: text("labels"), groups: nil, rule: .count(3), seed: 1),
      attackers: TestPlan.Front.allCases.map(attacker), streams: streams?.test,
      noise: TestPlan.NoiseTest(draws: 3, reason: text("noise")),
      faults: TestPlan.FaultTest(
        channels: [0], onset: 0, duration: nil, reason: text("faults")),
      corruptions: TestPlan.CorruptionTest(reason: text("corruptions")),
      certificates: TestPlan.CertificateTest(front: .sensor, samples: 3),
      faultCertificates: [faultCertificate.test], properties: properties.map(\.test),
      smoothing: TestPlan.SmoothingTest(
        deviations: [0.5], selectionDraws: 10, draws: 100, errorRate: 0.001, radii: [0.25, 1],
        samples: 3, reason: text("smoothing")), seed: 7)
  }

  /// Of signals alone: one attacker over four windows, with and without foresight.
  var streams: StreamResult? {
    guard input == .signal else { return nil }
    let place = SourceLocation(document: text("test-plan.yaml"), line: 3, column: 1, path: nil)
    var sensor = attacker(.sensor)
    sensor.acceptance = TestPlan.Acceptance(largestRate: 0.25, reason: text("rule"))
    let ahead = streamed(campaign(budgets: [1, 2], broken: 2))
    var causal = streamed(campaign(budgets: [1, 2], broken: 1))
    causal.attack = CausalDescent.name
    return StreamResult(
      test: TestPlan.StreamTest(
        data: TestPlan.Data(
          file: TestPlan.FileReference(path: text("streams.npz"), location: place),
          inputs: text("signals"), labels: text("labels"), targets: nil, groups: nil, rule: .all,
          seed: 1), step: 1, onset: 2, rule: .event, acceptance: sensor.acceptance,
        reason: text("streams"), location: place), rows: [4, 5, 6], length: 5, windows: 4,
      attackers: [
        AttackerResult(
          attacker: sensor, unit: text("grey"), result: CampaignResult.union(of: [ahead, causal]),
          campaigns: [ahead, causal], unconstrained: nil, acceptance: .undecided)
      ])
  }

  /// The campaign with examples as long as a stream.
  private func streamed(_ campaign: CampaignResult) -> CampaignResult {
    var campaign = campaign
    campaign.samples[0].outcome = .broken(
      SampleRecord.Example(
        budget: 1, prediction: 1, margin: -0.5, distance: 1,
        original: [1, 16, 7, 4, 1, 1, 2, 2, 3, 3], reading: [1, 16, 7, 4, 2, 1, 3, 2, 4, 3]))
    return campaign
  }

  func attacker(_ front: TestPlan.Front) -> TestPlan.Attacker {
    TestPlan.Attacker(
      front: front, writes: [0], knowledge: front == .sensor ? .decisions : .gradients,
      norm: .linf, measure: front == .sensor ? .unit : .noise,
      budgets: front == .sensor ? [1, 2] : [4, 8], chosen: front == .sensor ? 2 : 8,
      reason: text("reason"), obeysLaws: front == .sensor, attacks: nil, measurementModel: nil,
      acceptance: front == .sensor
        ? TestPlan.Acceptance(largestRate: 0.125, reason: text("rule")) : nil,
      location: SourceLocation(document: text("test-plan.yaml"), line: 2, column: 1, path: nil))
  }

  /// Three samples, of which one breaks and one is wrong when clean; the counts are the caller's.
  func campaign(budgets: [Double], broken: Int) -> CampaignResult {
    let example = SampleRecord.Example(
      budget: budgets[0], prediction: 1, margin: -0.5, distance: 1, original: [1, 16, 7, 4],
      reading: [0, 16, 8, 4])
    return CampaignResult(
      attack: text("attack"), parameters: [AttackParameter(text("name"), text("value"))], seed: 7,
      budgets: budgets.map { budget in
        BudgetResult(
          budget: budget, trials: 4, successes: broken, found: broken,
          interval: ClopperPearson(successes: broken, trials: 4), brokenBySingleStep: 0,
          brokenByNoiseOnly: nil)
      },
      samples: [
        SampleRecord(
          index: 0, label: 0, cleanPrediction: 0, cleanMargin: 1.5, outcome: .broken(example)),
        SampleRecord(index: 1, label: 1, cleanPrediction: 1, cleanMargin: 2, outcome: .withstood),
        SampleRecord(index: 2, label: 1, cleanPrediction: 0, cleanMargin: -2, outcome: .cleanError),
      ], cleanErrors: 1, cleanErrorInterval: ClopperPearson(successes: 1, trials: 3),
      spentByAttack: QueryCount(forward: 3, backward: 2, double: 1),
      spentByControls: QueryCount(), rejected: RejectedExamples(),
      checks: SelfCheck.Identifier.allCases.map {
        SelfCheck(identifier: $0, outcome: .pass, detail: text("detail"))
      }, verdict: .broken)
  }

  /// Two faults, of which the second has a step that was not run.
  var faults: [SurvivalRow] {
    [1, 3, 5].map { survival(text("offset"), text("channel 0"), $0, kept: 8 - $0) }
      + [1, 3].map { survival(text("drift"), text("channel 0"), $0, kept: 9 - 3 * $0) }
  }

  var corruptions: [SurvivalRow] { [1, 3].map { survival("fog", "", $0, kept: 9 - $0) } }

  private func survival(
    _ name: String, _ place: String, _ severity: Int, kept: Int
  ) -> SurvivalRow {
    SurvivalRow(
      disturbance: name, place: place, severity: severity, meaning: text("step \(severity)"),
      trials: 9, kept: kept, missed: 1, falseAlarms: 0)
  }

  func report() throws -> TestRunReport {
    TestRunReport(
      modelName: text("model.onnx"), digest: ContentDigest(of: "model".utf8), facts: facts,
      dataName: text("eval.npz"), result: try run())
  }
}

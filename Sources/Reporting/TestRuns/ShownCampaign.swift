import AdversarialTesting
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ModelTesting
import ThreatKnowledge

/// One campaign of a run as both pages show it: who or what disturbs the input, how far, and what came of it.
struct ShownCampaign {
  var id: String
  var step: DemonstratedStep
  var title: String
  /// What the budgets count.
  var unit: String
  var reason: String
  var chosen: Double
  var result: CampaignResult
  /// `nil` where nobody attacks.
  var attacker: AttackerResult?
  /// What becomes of the rate at the chosen budget.
  var consequence: String
  /// The file with every sample; empty where there is none.
  var records: String
  /// The ledger record of the run; `nil` outside an assessment.
  var ledger: ContentDigest?

  var unconstrained: CampaignResult? { attacker?.unconstrained }
  var norm: PerturbationNorm { attacker?.attacker.norm ?? .linf }
}

extension ShownCampaign {
  /// A test of an assessment.
  init(_ test: ModelTest, of model: ModelAssessment) {
    self.init(
      id: test.id, step: test.step, title: test.title, unit: test.unit, reason: test.reason,
      chosen: test.chosenBudget, result: test.result, attacker: test.attacker,
      consequence: test.measurement.map {
        "chosen: enters the graph as \(Wording.probability($0.rate)) for \($0.step)"
      } ?? "chosen, but inconclusive: the prior stays",
      records: TestRecordReporter.fileName(of: test, model: model), ledger: test.record)
  }

  /// An attacker of a run on its own.
  init(_ attacker: AttackerResult) {
    let front = attacker.attacker.front
    self.init(
      id: front.rawValue, step: front == .sensor ? .evadeBySensor : .evadeByNetwork,
      title: front == .sensor ? "a person at the sensor" : "an attacker in the network",
      unit: attacker.unit, reason: attacker.attacker.reason, chosen: attacker.attacker.chosen,
      result: attacker.result, attacker: attacker, consequence: "chosen",
      records: TestRunReport.records(of: front), ledger: nil)
  }

  /// Every attacker of a run, and the sensor's own noise.
  static func all(of run: ModelTestResult) -> [ShownCampaign] {
    let noise = run.noise.flatMap { result -> ShownCampaign? in
      guard let plan = run.plan.noise, let cutOff = result.budgets.first?.budget else { return nil }
      return ShownCampaign(
        id: "noise", step: .errUnderNoise,
        title: "the sensor's own noise, one of several readings wrong",
        unit: "standard deviations of each channel", reason: plan.reason, chosen: cutOff,
        result: result, attacker: nil, consequence: "", records: "", ledger: nil)
    }
    return run.attackers.map { ShownCampaign($0) } + (noise.map { [$0] } ?? [])
  }
}

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

  /// Whether whole streams were attacked.
  var isOverStreams = false

  /// A second rate beside the first, and what it means.
  struct Beside {
    var result: CampaignResult
    /// Heading of its column.
    var column: String
    /// Its line in the key of a plot, after the name of the attacker.
    var key: String
    var note: String
  }

  /// Without the laws of the input, or over streams without knowledge of the future.
  var beside: Beside? {
    if isOverStreams {
      return attacker?.causal.map {
        Beside(
          result: $0, column: "Success of an attacker who cannot foresee",
          key: "without knowledge of the future",
          note:
            "An attacker who cannot foresee decides each instant from what was measured until then, and never "
            + "takes back what was sent. The other rate is of an attacker who knows the whole stream."
        )
      }
    }
    return (attacker?.unconstrained).map {
      Beside(
        result: $0, column: "Success without the laws of the input",
        key: "without the laws of the input",
        note:
          "Without the laws of the input: the same search where nothing but range, resolution and budget "
          + "binds. The difference is what the laws take from this attacker.")
    }
  }

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
      }
        ?? (test.isOverStreams
          ? "chosen; the rate of single windows enters the graph"
          : "chosen, but inconclusive: the prior stays"),
      records: TestRecordReporter.fileName(of: test, model: model), ledger: test.record,
      isOverStreams: test.isOverStreams)
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

  /// An attacker of a run on its own over streams.
  init(overStreams attacker: AttackerResult) {
    self.init(attacker)
    id = "streams/\(id)"
    title += ", each instant of a stream bent once"
    records = TestRunReport.records(ofStreams: attacker.attacker.front)
    isOverStreams = true
  }

  /// Every attacker of a run, the sensor's own noise, and every attacker over streams.
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
      + (run.streams?.attackers ?? []).map { ShownCampaign(overStreams: $0) }
  }
}

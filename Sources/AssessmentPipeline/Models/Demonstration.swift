import AdversarialTesting
import AttackGraphs
import ModelTesting
import TensorCore
import ThreatKnowledge

/// The part of a test run that demonstrates one step of the language, and the rate it puts there.
struct Demonstration {
  let step: DemonstratedStep
  var title: String
  var unit: String
  var reason: String
  /// The budget whose rate enters the graph.
  var chosen: Double
  var campaign: CampaignResult
  /// `nil` where nobody attacks.
  var attacker: AttackerResult?
  /// Whether whole streams were attacked. Their rate speaks of events and stands beside the one that enters the graph.
  var isOverStreams = false

  /// `nil` where the plan says nothing of who or what could make the model err so.
  init?(of step: DemonstratedStep, in result: ModelTestResult) {
    self.step = step
    switch step {
    case .evadeBySensor, .evadeByNetwork:
      let front = step == .evadeBySensor ? TestPlan.Front.sensor : .network
      guard let attacker = result.attackers.first(where: { $0.attacker.front == front }) else {
        return nil
      }
      title = front == .sensor ? "a person at the sensor" : "an attacker in the network"
      unit = attacker.unit
      reason = attacker.attacker.reason
      chosen = attacker.attacker.chosen
      campaign = attacker.result
      self.attacker = attacker
    case .errUnderNoise:
      guard let noise = result.noise, let plan = result.plan.noise,
        let cutOff = noise.budgets.first?.budget
      else { return nil }
      title = "the sensor's own noise, one of several readings wrong"
      unit = "standard deviations of each channel"
      reason = plan.reason
      chosen = cutOff
      campaign = noise
      attacker = nil
    }
  }

  /// An attacker over streams.
  init(overStreams attacker: AttackerResult) {
    let isSensor = attacker.attacker.front == .sensor
    step = isSensor ? .evadeBySensor : .evadeByNetwork
    title =
      (isSensor ? "a person at the sensor" : "an attacker in the network")
      + ", each instant of a stream bent once"
    unit = attacker.unit
    reason = attacker.attacker.reason
    chosen = attacker.attacker.chosen
    campaign = attacker.result
    self.attacker = attacker
    isOverStreams = true
  }

  /// Every demonstration of a run: what enters the graph first, then streams.
  static func all(of result: ModelTestResult) -> [Demonstration] {
    DemonstratedStep.allCases.compactMap { Demonstration(of: $0, in: result) }
      + (result.streams?.attackers ?? []).map { Demonstration(overStreams: $0) }
  }

  /// What the test is called: `model/evadeBySensor`, `model/streams/evadeBySensor`.
  func id(of model: String) -> String {
    "\(model)/\(isOverStreams ? "streams/" : "")\(step.rawValue)"
  }

  /// The measured rate at the chosen budget. Where no attempt succeeded, the upper end of the interval stands
  /// for it: that many failures do not prove that the next attempt fails.
  func measurement(asset: String, testRun: String) -> Measurement? {
    guard !isOverStreams, campaign.verdict != .inconclusive,
      let row = campaign.budgets.first(where: { $0.budget == chosen })
    else { return nil }
    return Measurement(
      asset: asset, step: step.rawValue, rate: row.successes == 0 ? row.interval.upper : row.rate,
      lower: row.interval.lower, upper: row.interval.upper, testRun: testRun)
  }
}

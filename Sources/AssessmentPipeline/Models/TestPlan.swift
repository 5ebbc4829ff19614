import AdversarialTesting
import ThreatKnowledge

/// What is tried against a model for one step of the language, fixed before anything runs.
struct TestPlan: Sendable {
  var title: String
  var attack: any AdversarialAttack
  /// Largest changes of any element, ascending, in the input's unit.
  var budgets: [Double]
  /// The budget whose rate enters the graph.
  var chosen: Double
  var reason: String

  /// Noisy readings tried on each sample of the noise test.
  static let noisyReadings = 100
  /// Where the normal distribution is cut off, in standard deviations.
  static let noiseCutOff = 4.0

  /// `nil` where the product file does not say what the attacker (or the noise) can do.
  init?(of step: DemonstratedStep, for input: ProductFile.ModelInput) {
    switch step {
    case .evadeBySensor:
      guard let capability = input.sensorAttacker else { return nil }
      self.init("a person at the sensor", capability)
    case .evadeByNetwork:
      guard let capability = input.networkAttacker else { return nil }
      self.init("an attacker in the network", capability)
    case .errUnderNoise:
      guard let noise = input.noise else { return nil }
      let span = input.range.upperBound - input.range.lowerBound
      let cutOff = min(noise.standardDeviation * Self.noiseCutOff, span)
      self.init(
        title: "the sensor's own noise, one of \(Self.noisyReadings) readings wrong",
        attack: SensorNoise(
          .gaussian(standardDeviation: noise.standardDeviation), draws: Self.noisyReadings),
        budgets: [cutOff], chosen: cutOff, reason: noise.reason)
    }
  }

  private init(_ who: String, _ capability: ProductFile.Capability) {
    self.init(
      title: who, attack: ProjectedGradientDescent(), budgets: capability.maximumChange,
      chosen: capability.chosen, reason: capability.reason)
  }

  init(
    title: String, attack: any AdversarialAttack, budgets: [Double], chosen: Double, reason: String
  ) {
    self.title = title
    self.attack = attack
    self.budgets = budgets
    self.chosen = chosen
    self.reason = reason
  }

  static func reasonForNone(
    of step: DemonstratedStep, input: ProductFile.ModelInput
  ) -> String {
    switch step {
    case .evadeBySensor:
      "Evasion at the sensor was not tested: the product file says nothing under attacker.sensor "
        + "of \(input.tensor)."
    case .evadeByNetwork:
      "Evasion in the network was not tested: the product file says nothing under "
        + "attacker.network of \(input.tensor)."
    case .errUnderNoise:
      "Errors under noise were not tested: the product file says nothing under noise of "
        + "\(input.tensor)."
    }
  }
}

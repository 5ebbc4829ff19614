import AdversarialTesting
import EngineSupport
import NeuralRuntime
import TensorCore

/// One attacker of a plan made ready: the perturbation set and the campaigns that are run in it.
struct AttackerRun: Sendable {
  let attacker: TestPlan.Attacker
  let set: PerturbationSet
  /// What the attacker tries, at least one; the first is audited.
  let campaigns: [Campaign]
  /// The same without the laws of the input, where there are any: what the laws are worth.
  let unconstrained: Campaign?

  /// Inputs of one run that all its attackers share.
  struct Setting: Sendable {
    var plan: TestPlan
    var model: ModelUnderTest
    /// What is attacked: the model, or the model over all windows of a stream.
    var target: any TargetModel
    var goal: AttackGoal
    /// `nil` where samples are windows of their own.
    var stream: Stream?
    var geometry: InputGeometry
    var profile: TestProfile
    var seed: UInt64
    var inputs: Tensor<Float>
    var labels: [Int]
    /// By path, as the plan names them.
    var measurementModels: [TestPlan.MeasurementReference: MeasurementModel]

    struct Stream: Sendable {
      /// The first instant that can be written.
      var onset: Int
      var timeAxis: Int
    }
  }

  init(_ attacker: TestPlan.Attacker, in setting: Setting) throws(Diagnostic) {
    self.attacker = attacker
    let geometry = setting.geometry
    let limits = try geometry.limits(
      writes: attacker.writes, from: setting.stream?.onset ?? 0)
    let rules = attacker.obeysLaws ? geometry.rules : []
    let shares = attacker.norm == .linf ? geometry.shares(of: attacker.measure) : [1]
    let set = try PerturbationSet(
      limits, norm: attacker.norm, budget: attacker.chosen, rules: rules, shares: shares)
    self.set = set
    var campaigns: [Campaign] = []
    for attack in try Self.attacks(of: attacker, set: set, in: setting) {
      campaigns.append(try Self.campaign(attack, set, of: attacker, in: setting))
    }
    self.campaigns = campaigns
    var unconstrained: Campaign?
    if setting.stream == nil, !rules.isEmpty || attacker.measurementModel != nil {
      let free = try set.withoutRules()
      var attacker = attacker
      attacker.measurementModel = nil
      attacker.attacks = nil
      if let attack = try Self.attacks(of: attacker, set: free, in: setting).first {
        unconstrained = try Self.campaign(attack, free, of: attacker, in: setting)
      }
    }
    self.unconstrained = unconstrained
  }

  private static func campaign(
    _ attack: any AdversarialAttack, _ set: PerturbationSet, of attacker: TestPlan.Attacker,
    in setting: Setting
  ) throws(Diagnostic) -> Campaign {
    try Campaign(
      model: setting.target, samples: setting.inputs, labels: setting.labels,
      ladder: attacker.budgets, set: set, goal: setting.goal, attack: attack,
      seed: setting.seed, noiseDraws: setting.profile.controlDraws)
  }

  private static func attacks(
    of attacker: TestPlan.Attacker, set: PerturbationSet, in setting: Setting
  ) throws(Diagnostic) -> [any AdversarialAttack] {
    guard let stream = setting.stream else {
      return try windowAttacks(of: attacker, set: set, in: setting)
    }
    var isNetwork = true
    var knowledge = attacker.knowledge
    if case .trees = setting.model.kind {
      isNetwork = false
      // The exact search knows trees, not several windows of them.
      knowledge = min(knowledge, .scores)
    }
    var attacks =
      attacker.attacks?.map(\.attack)
      ?? setting.profile.attacks(
        knowing: knowledge, norm: attacker.norm, isExact: setting.target.hasExactGradient,
        isOverStreams: true)
    if attacker.attacks != nil, attacker.knowledge == .gradients,
      AttackBattery.norms.contains(attacker.norm)
    {
      attacks = TestProfile.joined(attacks)
    }
    if isNetwork, attacker.knowledge == .gradients, attacker.norm == .linf {
      attacks.append(CausalDescent(axis: stream.timeAxis))
    }
    return attacks
  }

  private static func windowAttacks(
    of attacker: TestPlan.Attacker, set: PerturbationSet, in setting: Setting
  ) throws(Diagnostic) -> [any AdversarialAttack] {
    let measurement = attacker.measurementModel.flatMap { setting.measurementModels[$0] }
    if let plans = attacker.attacks {
      let attacks = plans.map { plan -> any AdversarialAttack in
        guard let measurement, var injection = plan.attack as? FalseDataInjection else {
          return plan.attack
        }
        injection.model = measurement
        return injection
      }
      let isBattery =
        attacker.knowledge == .gradients && AttackBattery.norms.contains(attacker.norm)
      return isBattery ? TestProfile.joined(attacks) : attacks
    }
    if let measurement {
      return [FalseDataInjection(model: measurement, iterations: 40, restarts: 2)]
    }
    if case .trees(let model) = setting.model.kind, attacker.knowledge == .gradients {
      let search = try TreeQuestion(model, set: set, task: setting.plan.task).search
      // Where laws tie features together the nearest flip may be no reading, and another must be looked for.
      let scores = setting.profile.attacks(knowing: .scores, norm: attacker.norm)
      return set.rules.isEmpty ? [search] : [search] + scores
    }
    return setting.profile.attacks(
      knowing: attacker.knowledge, norm: attacker.norm,
      isExact: setting.model.target.hasExactGradient)
  }
}

extension TestPlan.Task {
  var goal: AttackGoal {
    switch self {
    case .classification: .misclassification
    case .regression(let tolerance, _): .deviation(tolerance: tolerance)
    }
  }
}

import AdversarialTesting
import EngineSupport
import TensorCore
import Testing

/// Every self-check passes where all is well and fires where something is not.
@Suite struct CampaignAuditTests {
  private static let audit = CampaignAudit(
    samples: 8, directions: 8, survivors: 12, blackBoxQueries: 200)

  private func campaign(
    _ model: any TargetModel, _ samples: Tensor<Float>, _ labels: [Int],
    budgets: [Double] = [0.02, 0.1], attack: any AdversarialAttack = ProjectedGradientDescent(),
    norm: PerturbationNorm = .linf
  ) throws -> Campaign {
    let limits = try PhysicalLimits(shape: model.inputShape, low: [0], high: [1])
    return try Campaign(
      model: model, samples: samples, labels: labels, ladder: budgets,
      set: PerturbationSet(limits, norm: norm, budget: budgets[0]), attack: attack, seed: 9,
      noiseDraws: 50)
  }

  private func audited(
    _ campaign: Campaign, with evidence: CampaignAudit.Evidence = CampaignAudit.Evidence()
  ) throws -> CampaignResult {
    try Self.audit.audited(try campaign.run(), of: campaign, with: evidence)
  }

  private func outcome(
    _ identifier: SelfCheck.Identifier, _ result: CampaignResult
  ) -> SelfCheck.Outcome? {
    result.checks.first { $0.identifier == identifier }?.outcome
  }

  @Test(arguments: PerturbationNorm.allCases) func aSoundCampaignPassesAll(
    _ norm: PerturbationNorm
  ) throws {
    let (model, samples, labels) = Fixtures.linear(seed: 31, count: 20)
    let budgets: [PerturbationNorm: [Double]] = [
      .linf: [0.02, 0.2], .l2: [0.05, 0.5], .l1: [0.1, 0.8], .l0: [1, 2],
    ]
    let result = try audited(
      campaign(model, samples, labels, budgets: budgets[norm] ?? [], norm: norm))
    #expect(result.checks.map(\.identifier) == SelfCheck.Identifier.allCases)
    for check in result.checks {
      #expect(
        check.outcome == .pass
          || check.identifier == .s14CertificatesHold && check.outcome == .notApplicable,
        "\(check.identifier.rawValue): \(check.detail)")
    }
    #expect(result.verdict == .broken)
  }

  @Test func aMaskedGradientFires() throws {
    let (base, samples, labels) = Fixtures.linear(seed: 32, count: 30)
    let model = SpoiltModel(base: base, defect: .maskedGradient)
    let result = try audited(campaign(model, samples, labels, budgets: [0.3]))
    for identifier: SelfCheck.Identifier in [
      .s1GradientAudit, .s2GradientAtStart, .s6WhiteBoxNotBelowBlackBox, .s7NoiseNeverBeatsAttack,
      .s9PlantedAdversary, .s12FailureIndicators,
    ] {
      #expect(outcome(identifier, result) == .fail, "\(identifier.rawValue)")
    }
    #expect(result.verdict == .inconclusive)
  }

  @Test func aReversedGradientFires() throws {
    let (base, samples, labels) = Fixtures.linear(seed: 33, count: 30)
    let model = SpoiltModel(base: base, defect: .reversedGradient)
    let result = try audited(campaign(model, samples, labels, budgets: [0.3]))
    #expect(outcome(.s1GradientAudit, result) == .fail)
    #expect(outcome(.s6WhiteBoxNotBelowBlackBox, result) == .fail)
    #expect(outcome(.s9PlantedAdversary, result) == .fail)
    #expect(result.verdict == .inconclusive)
  }

  @Test func aSoftmaxOutputFires() throws {
    let (base, samples, labels) = Fixtures.linear(seed: 34, count: 20)
    let model = SpoiltModel(base: base, defect: .softmax(scale: 20))
    let result = try audited(campaign(model, samples, labels))
    let check = result.checks.first { $0.identifier == .s12FailureIndicators }
    #expect(check?.outcome == .fail && check?.detail.contains("probabilities") == true)
    #expect(result.verdict == .inconclusive)
  }

  @Test func aNoisyModelFires() throws {
    let (base, samples, labels) = Fixtures.linear(seed: 35, count: 20)
    let model = SpoiltModel(base: base, defect: .noise(SpoiltModel.NoiseSource()))
    let result = try audited(campaign(model, samples, labels))
    #expect(outcome(.s11Determinism, result) == .fail && result.verdict == .inconclusive)
  }

  @Test func constantLogitsFire() throws {
    let model = LinearModel(
      inputShape: [4], weights: [[0, 0, 0, 0], [0, 0, 0, 0]], bias: [5, 0])
    let result = try audited(
      campaign(model, Tensor(repeating: 0.5, shape: [12, 4]), Array(repeating: 0, count: 12)))
    #expect(outcome(.s2GradientAtStart, result) == .fail)
    #expect(outcome(.s12FailureIndicators, result) == .fail)
    #expect(outcome(.s9PlantedAdversary, result) == .inconclusive)
    #expect(result.verdict == .inconclusive)
  }

  @Test func aWrongLabelOrderFires() throws {
    let (base, samples, labels) = Fixtures.linear(seed: 36, count: 40)
    let model = SpoiltModel(base: base, defect: .rotatedClasses)
    let result = try audited(campaign(model, samples, labels))
    let check = result.checks.first { $0.identifier == .s12FailureIndicators }
    #expect(check?.outcome == .fail && check?.detail.contains("order of the labels") == true)
    #expect(result.verdict == .inconclusive)
  }

  @Test func anAttackThatStopsEarlyFires() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 37, count: 40)
    let weak = LazyAttack(reach: 0.3)
    let result = try audited(campaign(model, samples, labels, budgets: [0.15], attack: weak))
    #expect(outcome(.s5Converged, result) == .fail)
    #expect(outcome(.s6WhiteBoxNotBelowBlackBox, result) == .fail)
    #expect(outcome(.s10Controls, result) == .fail)
    #expect(outcome(.s12FailureIndicators, result) == .fail)
    #expect(result.verdict == .inconclusive)
  }

  @Test func aSurrogateBeatsAnAttackThatGivesUp() throws {
    let (base, samples, labels) = Fixtures.linear(seed: 38, count: 30)
    let model = SpoiltModel(base: base, defect: .maskedGradient)
    let result = try audited(
      campaign(model, samples, labels, budgets: [0.3]),
      with: CampaignAudit.Evidence(surrogate: SurrogateModel(name: "twin", model: base)))
    #expect(outcome(.s8TransferNotAboveWhiteBox, result) == .fail)
  }

  @Test func certificatesAreComparedAndContradictionsAbort() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 39, count: 20)
    let campaign = try campaign(model, samples, labels, budgets: [0.05, 0.2])
    let run = try campaign.run()
    let exact = (0..<20).map { row in
      model.minimalDistance(of: samples.rows(row..<row + 1).elements, label: labels[row])
    }
    let sound = try Self.audit.audited(
      run, of: campaign, with: CampaignAudit.Evidence(certifiedRadii: exact.map { $0 * 0.999 }))
    #expect(outcome(.s14CertificatesHold, sound) == .pass)
    #expect(throws: Diagnostic.self) {
      _ = try Self.audit.audited(
        run, of: campaign, with: CampaignAudit.Evidence(certifiedRadii: exact.map { $0 + 1 }))
    }
    #expect(throws: Diagnostic.self) {
      _ = try Self.audit.audited(
        run, of: campaign, with: CampaignAudit.Evidence(certifiedRadii: [1]))
    }
  }

  @Test func anAttackOnScoresSaysWhatDoesNotApply() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 40, count: 10)
    let result = try audited(
      campaign(model, samples, labels, attack: SensorNoise(.uniform, draws: 20)))
    for identifier: SelfCheck.Identifier in [
      .s1GradientAudit, .s2GradientAtStart, .s6WhiteBoxNotBelowBlackBox, .s9PlantedAdversary,
    ] {
      #expect(outcome(identifier, result) == .notApplicable)
    }
    #expect(outcome(.s11Determinism, result) == .pass)
  }
}

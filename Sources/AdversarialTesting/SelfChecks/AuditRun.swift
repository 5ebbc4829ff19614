import EngineSupport
import TensorCore

/// An audit at work on one campaign: which samples it looks at, and what it has spent.
struct AuditRun {
  let audit: CampaignAudit
  let campaign: Campaign
  let result: CampaignResult
  let evidence: CampaignAudit.Evidence
  var spent = QueryCount()

  var isGradientAttack: Bool { type(of: campaign.attack).needs == .gradients }

  /// The set whose survivors are attacked again.
  var set: PerturbationSet {
    campaign.sets.first { $0.budget == audit.budget } ?? campaign.sets[campaign.sets.count - 1]
  }

  /// Rows of the evaluation data that are trials.
  var trials: [Int] { result.samples.indices.filter { result.samples[$0].isTrial } }

  /// The first trials.
  var probes: [Int] { Array(trials.prefix(audit.samples)) }

  /// The first trials that no example was found for at the audited budget or below.
  var survivors: [Int] {
    Array(
      trials.filter { (result.samples[$0].example?.budget ?? .infinity) > set.budget }
        .prefix(audit.survivors))
  }

  func random(_ stage: String) -> SeededRandom {
    SeededRandom(seed: campaign.seed).stream(named: "audit.\(stage)", 0)
  }

  /// Which of the rows an attack breaks, replayed in both precisions.
  mutating func broken(
    _ rows: [Int], by attack: any AdversarialAttack, within set: PerturbationSet, stage: String,
    model: (any TargetModel)? = nil
  ) throws -> [Bool] {
    guard !rows.isEmpty else { return [] }
    let batch = campaign.batch(of: rows, within: set, stage: stage)
    return try broken(batch, by: attack, model: model ?? campaign.model)
  }

  mutating func broken(
    _ batch: AttackBatch, by attack: any AdversarialAttack, model: any TargetModel
  ) throws -> [Bool] {
    var oracle = TargetOracle(model, access: type(of: attack).needs)
    let findings = try attack.search(batch, asking: &oracle)
    var referee = TargetOracle(model, access: .gradients)
    let verdicts = try ReplayVerdict.replay(findings, of: batch, asking: &referee)
    spent += oracle.spent
    spent += referee.spent
    return verdicts.map { $0?.isConfirmed == true }
  }

  func check(
    _ identifier: SelfCheck.Identifier, _ outcome: SelfCheck.Outcome, _ detail: String
  ) -> SelfCheck {
    SelfCheck(identifier: identifier, outcome: outcome, detail: detail)
  }

  func nothingToAttack(_ identifier: SelfCheck.Identifier) -> SelfCheck {
    check(identifier, .inconclusive, "no sample can be attacked, so nothing was checked")
  }
}

import EngineSupport
import TensorCore

extension Campaign {
  /// Joins the results of all cases, given in the order of `cases(batchSize:)`.
  public func result(of cases: [CaseResult]) -> CampaignResult {
    var whole = CaseResult(tallies: Array(repeating: BudgetTally(), count: sets.count))
    for part in cases {
      whole.records += part.records
      for level in sets.indices { whole.tallies[level] += part.tallies[level] }
      whole.spentByAttack += part.spentByAttack
      whole.spentByControls += part.spentByControls
      whole.rejected += part.rejected
      whole.vanishedGradients += part.vanishedGradients
      whole.gradientsTaken += part.gradientsTaken
    }
    precondition(whole.records.count == labels.count, "every case of the campaign is joined once")
    let trials = whole.records.count { $0.isTrial }
    let hasControls = type(of: attack).hasControls
    let budgets = zip(sets, whole.tallies).map { set, tally in
      BudgetResult(
        budget: set.budget, trials: trials, successes: tally.successes, found: tally.found,
        interval: ClopperPearson(successes: tally.successes, trials: trials),
        brokenBySingleStep: hasControls ? tally.brokenBySingleStep : nil,
        brokenByNoiseOnly: hasControls ? tally.brokenByNoiseOnly : nil)
    }
    let checks = selfChecks(of: whole, budgets: budgets)
    return CampaignResult(
      attack: type(of: attack).name,
      parameters: [AttackParameter("norm", sets[0].norm.rawValue)] + attack.parameters, seed: seed,
      budgets: budgets,
      samples: whole.records, cleanErrors: labels.count - trials,
      cleanErrorInterval: ClopperPearson(
        successes: labels.count - trials, trials: labels.count),
      spentByAttack: whole.spentByAttack, spentByControls: whole.spentByControls,
      rejected: whole.rejected, checks: checks,
      verdict: CampaignResult.verdict(of: whole.records, checks))
  }
}

extension CampaignResult {
  /// A failed check, or nothing to attack, leaves nothing to conclude. An inconclusive check takes away
  /// the right to say that the model withstood, but not the examples that were confirmed.
  static func verdict(
    of records: [SampleRecord], _ checks: [SelfCheck]
  ) -> Verdict {
    if checks.contains(where: { $0.outcome == .fail }) { return .inconclusive }
    if records.contains(where: { $0.example != nil }) { return .broken }
    let isSound = checks.allSatisfy { $0.outcome == .pass || $0.outcome == .notApplicable }
    return isSound && records.contains(where: \.isTrial) ? .withstood : .inconclusive
  }
}

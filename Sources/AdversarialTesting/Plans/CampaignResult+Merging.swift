import TensorCore

/// Several attacks of one attacker as one result: whoever has tried all of them has broken what any of them broke.
extension CampaignResult {
  /// The union of campaigns over the same samples and budgets, of which there is at least one.
  ///
  /// Of each sample the example at the smallest budget counts, of several the one of the earlier campaign. A check
  /// that one of them failed stays failed; otherwise the first campaign's checks speak for the union. Counts of the
  /// controls are those of the first.
  public static func union(of results: [CampaignResult]) -> CampaignResult {
    precondition(!results.isEmpty, "a union has a member")
    var union = results[0]
    guard results.count > 1 else { return union }
    for other in results.dropFirst() {
      precondition(
        other.budgets.map(\.budget) == union.budgets.map(\.budget)
          && other.samples.map(\.index) == union.samples.map(\.index),
        "campaigns over other samples or budgets cannot be joined")
      for place in union.samples.indices {
        guard let example = other.samples[place].example else { continue }
        if example.budget < union.samples[place].example?.budget ?? .infinity {
          union.samples[place].outcome = .broken(example)
        }
      }
      union.attack += " + " + other.attack
      union.parameters += other.parameters.map {
        AttackParameter("\(other.attack): \($0.name)", $0.value)
      }
      union.spentByAttack += other.spentByAttack
      union.spentByControls += other.spentByControls
      union.rejected += other.rejected
      for check in other.checks where check.outcome == .fail {
        union.checks.removeAll { $0.identifier == check.identifier && $0.outcome != .fail }
        if !union.checks.contains(where: { $0.identifier == check.identifier }) {
          union.checks.append(check)
        }
      }
    }
    union.checks.sort { $0.identifier < $1.identifier }
    for place in union.budgets.indices {
      let budget = union.budgets[place].budget
      let broken = union.samples.count { $0.example.map { $0.budget <= budget } ?? false }
      union.budgets[place].successes = broken
      union.budgets[place].found = results.map { $0.budgets[place].found }.max() ?? 0
      union.budgets[place].interval = ClopperPearson(
        successes: broken, trials: union.budgets[place].trials)
    }
    union.verdict = verdict(of: union.samples, union.checks)
    return union
  }
}

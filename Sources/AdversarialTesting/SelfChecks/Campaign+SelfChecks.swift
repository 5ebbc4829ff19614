import EngineSupport

/// The self-checks of a finished campaign, each with the rule it is judged by.
extension Campaign {
  func selfChecks(of whole: CaseResult, budgets: [BudgetResult]) -> [SelfCheck] {
    [
      gradientCheck(whole), singleStepCheck(budgets), monotonyCheck(budgets), noiseCheck(budgets),
      validityCheck(whole, budgets),
    ]
  }

  private var isGradientAttack: Bool { type(of: attack).needs == .gradients }
  private var hasControls: Bool { type(of: attack).hasControls }
  private var whyNoControls: String {
    isGradientAttack
      ? "decides instant by instant, and the control sees the whole sample" : "takes no gradients"
  }

  /// Passes below 1 % of the trials.
  private func gradientCheck(_ whole: CaseResult) -> SelfCheck {
    let identifier = SelfCheck.Identifier.s2GradientAtStart
    guard hasControls else { return Self.notApplicable(identifier, whyNoControls) }
    guard whole.gradientsTaken > 0 else { return Self.nothingToAttack(identifier) }
    let share = Double(whole.vanishedGradients) / Double(whole.gradientsTaken)
    return SelfCheck(
      identifier: identifier, outcome: share < 0.01 ? .pass : .fail,
      detail: "the gradient is zero or not finite at \(whole.vanishedGradients) of "
        + "\(whole.gradientsTaken) clean samples (limit 1 %)")
  }

  private func singleStepCheck(_ budgets: [BudgetResult]) -> SelfCheck {
    let identifier = SelfCheck.Identifier.s3IterativeNotBelowSingleStep
    guard hasControls else {
      return Self.notApplicable(identifier, isGradientAttack ? whyNoControls : "does not iterate")
    }
    guard budgets.contains(where: { $0.trials > 0 }) else {
      return Self.nothingToAttack(identifier)
    }
    let behind = budgets.filter { $0.found < ($0.brokenBySingleStep ?? 0) }
    return SelfCheck(
      identifier: identifier, outcome: behind.isEmpty ? .pass : .fail,
      detail: behind.isEmpty
        ? "at every budget the attack finds at least as many as one step"
        : "one step finds more than the attack at "
          + behind.map { "\(DecimalText.exact($0.budget))" }.joined(separator: ", "))
  }

  /// A drop of the attack's own finds of more than two binomial standard errors fails; a smaller drop
  /// means the attack is not strong enough to say.
  private func monotonyCheck(_ budgets: [BudgetResult]) -> SelfCheck {
    let identifier = SelfCheck.Identifier.s4MonotoneInBudget
    guard let trials = budgets.first?.trials, trials > 0 else {
      return Self.nothingToAttack(identifier)
    }
    var largestDrop = 0
    var outcome = SelfCheck.Outcome.pass
    for (before, after) in zip(budgets, budgets.dropFirst()) where after.found < before.found {
      let rate = Double(before.found) / Double(trials)
      let error = (rate * (1 - rate) * Double(trials)).squareRoot()
      let drop = before.found - after.found
      largestDrop = max(largestDrop, drop)
      if Double(drop) > 2 * error {
        outcome = .fail
      } else if outcome == .pass, isGradientAttack {
        outcome = .inconclusive
      }
    }
    return SelfCheck(
      identifier: identifier, outcome: outcome,
      detail: "the largest drop from one budget to the next is \(largestDrop) of \(trials) trials")
  }

  private func noiseCheck(_ budgets: [BudgetResult]) -> SelfCheck {
    let identifier = SelfCheck.Identifier.s7NoiseNeverBeatsAttack
    guard hasControls else { return Self.notApplicable(identifier, whyNoControls) }
    guard budgets.contains(where: { $0.trials > 0 }) else {
      return Self.nothingToAttack(identifier)
    }
    let beaten = budgets.map { $0.brokenByNoiseOnly ?? 0 }.max() ?? 0
    return SelfCheck(
      identifier: identifier, outcome: beaten == 0 ? .pass : .fail,
      detail:
        "\(noiseDraws) uniform draws on each unbroken sample break at most \(beaten) at a budget")
  }

  /// Fails on a candidate the attacker could not produce or that single precision does not repeat: both
  /// are defects. A candidate that only double precision denies leaves its sample undecided.
  private func validityCheck(_ whole: CaseResult, _ budgets: [BudgetResult]) -> SelfCheck {
    let rejected = whole.rejected
    let confirmed = budgets.reduce(0) { $0 + $1.found }
    let isDefect = rejected.outsideSet + rejected.singleDisagrees > 0
    return SelfCheck(
      identifier: .s13Validity,
      outcome: isDefect ? .fail : (rejected.doubleDisagrees > 0 ? .inconclusive : .pass),
      detail: "\(confirmed) examples confirmed; rejected: \(rejected.outsideSet) outside the set, "
        + "\(rejected.singleDisagrees) not repeated in single precision, "
        + "\(rejected.doubleDisagrees) denied in double precision")
  }

  private static func notApplicable(
    _ identifier: SelfCheck.Identifier, _ reason: String
  ) -> SelfCheck {
    SelfCheck(
      identifier: identifier, outcome: .notApplicable, detail: "this attack \(reason)")
  }

  private static func nothingToAttack(_ identifier: SelfCheck.Identifier) -> SelfCheck {
    SelfCheck(
      identifier: identifier, outcome: .inconclusive,
      detail: "no sample is classified correctly when clean, so nothing was attacked")
  }
}

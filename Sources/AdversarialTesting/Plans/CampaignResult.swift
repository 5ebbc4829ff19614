public import TensorCore

/// The evidence of one campaign: rates with intervals, every sample's fate, what was spent, and whether
/// the campaign may be believed.
public struct CampaignResult: Sendable, Hashable {
  public enum Verdict: String, Sendable, Hashable {
    /// At least one confirmed example exists; the rates are lower bounds of what an attacker can do.
    case broken
    /// No example was found and every self-check passed. It is no proof that none exists.
    case withstood
    /// A self-check failed, or nothing could be attacked: the figures prove nothing about robustness.
    case inconclusive
  }

  /// Attack and parameters as they ran.
  public var attack: String
  public var parameters: [AttackParameter]
  public var seed: UInt64
  /// In ascending order of budget.
  public var budgets: [BudgetResult]
  /// In the order of the evaluation data.
  public var samples: [SampleRecord]
  /// Samples misclassified without attack; they are not trials.
  public var cleanErrors: Int
  public var cleanErrorInterval: ClopperPearson
  /// Queries of the attack itself.
  public var spentByAttack: QueryCount
  /// Queries of clean predictions, controls and replays.
  public var spentByControls: QueryCount
  public var rejected: RejectedExamples
  public var checks: [SelfCheck]
  public var verdict: Verdict
}

/// Success at one budget, among the samples that are classified correctly when clean.
public struct BudgetResult: Sendable, Hashable {
  /// In engineering units.
  public var budget: Double
  /// Samples classified correctly when clean.
  public var trials: Int
  /// Trials with a confirmed example at this budget or a smaller one (the sets are nested).
  public var successes: Int
  /// Trials for which the attack found an example in its own run at this budget.
  public var found: Int
  /// Two-sided 95 % interval of `successes` in `trials`.
  public var interval: ClopperPearson
  /// Trials that the single-step control broke; `nil` when it did not run.
  public var brokenBySingleStep: Int?
  /// Trials that noise broke and the attack did not; `nil` when the control did not run.
  public var brokenByNoiseOnly: Int?

  /// Successes in trials; 0 without trials (then the verdict is inconclusive).
  public var rate: Double { trials == 0 ? 0 : Double(successes) / Double(trials) }
}

/// Candidates that replay did not confirm.
public struct RejectedExamples: Sendable, Hashable {
  public var outsideSet = 0
  public var singleDisagrees = 0
  public var doubleDisagrees = 0

  public var count: Int { outsideSet + singleDisagrees + doubleDisagrees }

  static func += (left: inout RejectedExamples, right: RejectedExamples) {
    left.outsideSet += right.outsideSet
    left.singleDisagrees += right.singleDisagrees
    left.doubleDisagrees += right.doubleDisagrees
  }
}

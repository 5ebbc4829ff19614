public import AdversarialTesting
public import EngineSupport
import TensorCore

/// What a test run showed, with all that is needed to run it again.
public struct ModelTestResult: Sendable {
  public var plan: TestPlan
  public var profile: TestProfile
  public var seed: UInt64
  /// The resolved plan as data, and its digest, fixed before anything ran.
  public var resolved: JSONValue
  public var digest: ContentDigest
  /// Rows of the evaluation data that were tested, ascending.
  public var rows: [Int]
  /// Of a regression whose true values the plan names.
  public var cleanError: RegressionError?
  /// In the plan's order.
  public var attackers: [AttackerResult]
  public var noise: CampaignResult?
  /// `nil` where the plan has no streams.
  public var streams: StreamResult?
  public var faults: [SurvivalRow]
  public var corruptions: [SurvivalRow]
  public var brackets: BracketResult?
  /// In the plan's order, those that could be made.
  public var faultCertificates: [FaultCertificateResult]
  /// In the plan's order.
  public var properties: [PropertyResult]
  /// One for each deviation of the plan.
  public var smoothing: [SmoothingResult]
  /// What could have been tested and was not, and why; one sentence each.
  public var notTested: [String]
}

extension ModelTestResult {
  /// What the plan asked for before anything ran, all together: rejected when an attacker succeeds too often or a
  /// property is refuted, undecided when one of them is open; `nil` where the plan asks for nothing.
  public var acceptance: AttackerResult.Acceptance? {
    var answers = (attackers + (streams?.attackers ?? [])).compactMap(\.acceptance)
    answers += properties.map { property in
      switch property.verdict {
      case .proved: .accepted
      case .refuted: .rejected
      case .unknown: .undecided
      }
    }
    if answers.contains(.rejected) { return .rejected }
    if answers.contains(.undecided) { return .undecided }
    return answers.isEmpty ? nil : .accepted
  }
}

/// What one attacker achieved.
public struct AttackerResult: Sendable {
  public var attacker: TestPlan.Attacker
  /// What the budgets count, in words.
  public var unit: String
  /// The union of what was tried, judged with all self-checks.
  public var result: CampaignResult
  /// What was tried, one by one, in the plan's order.
  public var campaigns: [CampaignResult]
  /// Without the laws of the input; `nil` where there are none.
  public var unconstrained: CampaignResult?
  /// `nil` where the plan does not say what would be acceptable.
  public var acceptance: Acceptance?

  /// The campaign of the attacker who knows nothing of the future; `nil` where none was run.
  public var causal: CampaignResult? { campaigns.first { $0.attack == CausalDescent.name } }

  /// The row of the chosen budget.
  public var chosen: BudgetResult? { result.budgets.first { $0.budget == attacker.chosen } }

  public enum Acceptance: String, Sendable, Hashable {
    /// The whole interval lies at or below the largest rate.
    case accepted
    /// The whole interval lies above it.
    case rejected
    /// The interval holds it, or the campaign is inconclusive: more samples or a sound campaign are needed.
    case undecided
  }
}

extension AttackerResult {
  init(
    _ run: AttackerRun, unit: String, campaigns: [CampaignResult], unconstrained: CampaignResult?
  ) {
    attacker = run.attacker
    self.unit = unit
    self.campaigns = campaigns
    self.unconstrained = unconstrained
    result = CampaignResult.union(of: campaigns)
    guard let rule = attacker.acceptance else { return }
    guard result.verdict != .inconclusive, let interval = chosen?.interval else {
      acceptance = .undecided
      return
    }
    acceptance =
      interval.upper <= rule.largestRate
      ? .accepted : interval.lower > rule.largestRate ? .rejected : .undecided
  }
}

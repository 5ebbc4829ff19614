/// A slice of a campaign that can be run on its own, on any thread, in any order.
public struct CampaignCase: Sendable {
  let campaign: Campaign
  /// Rows of the evaluation data.
  public let range: Range<Int>
}

/// What a case found; `Campaign.result(of:)` joins them in sample order.
public struct CaseResult: Sendable, Hashable {
  var records: [SampleRecord] = []
  var tallies: [BudgetTally]
  var spentByAttack = QueryCount()
  var spentByControls = QueryCount()
  var rejected = RejectedExamples()
  /// Trials whose first gradient vanished, and trials for which a gradient was taken.
  var vanishedGradients = 0
  var gradientsTaken = 0
}

/// The counts of one budget in one case.
struct BudgetTally: Sendable, Hashable {
  var successes = 0
  var found = 0
  var brokenBySingleStep = 0
  var brokenByNoiseOnly = 0

  static func += (left: inout BudgetTally, right: BudgetTally) {
    left.successes += right.successes
    left.found += right.found
    left.brokenBySingleStep += right.brokenBySingleStep
    left.brokenByNoiseOnly += right.brokenByNoiseOnly
  }
}

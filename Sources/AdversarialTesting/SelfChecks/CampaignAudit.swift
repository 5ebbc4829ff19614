import EngineSupport

/// The self-checks that need more than the campaign's own run: further attacks, controls and repeats.
///
/// `Campaign.run` does S2, S3, S4, S7 and S13 as it goes. An audit adds the others to a finished result and
/// judges it again; it is a plan value, so that what was checked, and how hard, can be hashed beforehand.
public struct CampaignAudit: Sendable, Hashable, Codable {
  /// Samples for S1, S9, S10 and S11.
  public var samples: Int
  /// Random directions on each sample of S1.
  public var directions: Int
  /// Samples that further attacks (S5, S6, S8) try among those left unbroken.
  public var survivors: Int
  /// Queries of the attack on scores for each of them.
  public var blackBoxQueries: Int
  /// The budget whose survivors are attacked again; the largest unless said.
  public var budget: Double?

  /// Counts must be positive.
  public init(
    samples: Int = 20, directions: Int = 32, survivors: Int = 100, blackBoxQueries: Int = 1_000,
    budget: Double? = nil
  ) {
    self.samples = samples
    self.directions = directions
    self.survivors = survivors
    self.blackBoxQueries = blackBoxQueries
    self.budget = budget
    precondition(isUsable, "an audit checks something")
  }

  /// Whether the counts are in their ranges: a stored plan may hold anything.
  public var isUsable: Bool {
    samples.isCount && directions.isCount && survivors.isCount && blackBoxQueries.isCount
  }

  /// What is known beside the campaign.
  public struct Evidence: Sendable {
    /// For S8; without one an affine surrogate is fitted to the model's decisions.
    public var surrogate: SurrogateModel?
    /// For S14: for each sample a radius inside which no example exists, in the campaign's norm and unit.
    public var certifiedRadii: [Double]?

    public init(surrogate: SurrogateModel? = nil, certifiedRadii: [Double]? = nil) {
      self.surrogate = surrogate
      self.certifiedRadii = certifiedRadii
    }
  }

  /// The result with all fourteen checks, judged again.
  ///
  /// - Throws: as `outcome`.
  public func audited(
    _ result: CampaignResult, of campaign: Campaign, with evidence: Evidence = Evidence()
  ) throws -> CampaignResult {
    result.judged(by: try outcome(result, of: campaign, with: evidence))
  }

  /// The checks that the campaign did not make as it went.
  ///
  /// - Throws: `test.audit.counts`; `test.certificate.contradicted` when an example lies inside a certified radius: one of the two
  ///   is a defect of the engine and nothing of it may be believed; or what the model throws.
  public func outcome(
    _ result: CampaignResult, of campaign: Campaign, with evidence: Evidence = Evidence()
  ) throws -> AuditOutcome {
    guard isUsable else {
      throw Diagnostic("test.audit.counts", "a count of the audit is out of its range")
    }
    var run = AuditRun(audit: self, campaign: campaign, result: result, evidence: evidence)
    let checks = [
      try run.gradientAudit(), try run.convergence(), try run.blackBox(), try run.transfer(),
      try run.plantedAdversary(), try run.controls(), try run.determinism(), try run.indicators(),
      try run.certificates(),
    ]
    return AuditOutcome(checks: checks, spent: run.spent)
  }
}

public import AttackGraphs
public import ModelTesting

/// How an assessment is run; of all this the seed, the profile and the sample limit can change a result.
public struct AssessmentOptions: Sendable {
  /// Threads at most. Results are the same at any width.
  public var jobs: Int
  /// Seed of every random stream; it overrules that of a test plan.
  public var seed: UInt64
  /// How much effort the tests of models take.
  public var profile: TestProfile
  /// Where finished parts of tests are kept while a run is interrupted.
  public var journal: any WorkJournal
  /// Evaluation samples tested at most, of those that a plan draws the first; `nil` for all.
  public var sampleLimit: Int?
  /// Paths listed for each consequence and front.
  public var pathLimit: Int

  /// Weighs defences; without one there is no hardening plan.
  public var solver: (any AnswerSetSolver)?

  public init(
    jobs: Int = 1, seed: UInt64 = 1, profile: TestProfile = .standard,
    journal: any WorkJournal = NoJournal(), sampleLimit: Int? = nil, pathLimit: Int = 5,
    solver: (any AnswerSetSolver)? = nil
  ) {
    self.jobs = jobs
    self.seed = seed
    self.profile = profile
    self.journal = journal
    self.sampleLimit = sampleLimit
    self.pathLimit = pathLimit
    self.solver = solver
  }
}

/// What is being done, for people who wait.
public struct AssessmentProgress: Sendable, Hashable {
  public var stage: String
  /// 0…1, or `nil` when it cannot be told.
  public var share: Double?

  public init(stage: String, share: Double? = nil) {
    self.stage = stage
    self.share = share
  }
}

import AdversarialTesting

/// How much effort a test run takes. It is part of what is hashed: a quick look never passes for the whole.
public enum TestProfile: String, Sendable, Hashable, CaseIterable {
  /// A look within a minute: few samples, short attacks.
  case quick
  /// What a product is assessed with.
  case standard
  /// The authors' full budgets on every sample of the plan.
  case thorough

  /// Samples tested at most; `nil` for all that the plan draws.
  var sampleLimit: Int? {
    switch self {
    case .quick: 24
    case .standard: 150
    case .thorough: nil
    }
  }

  /// Streams tested at most; each costs as much as all its windows.
  var streamLimit: Int? {
    switch self {
    case .quick: 6
    case .standard: 30
    case .thorough: nil
    }
  }

  /// Samples with a certified radius at most.
  var certificateLimit: Int {
    switch self {
    case .quick: 4
    case .standard: 24
    case .thorough: .max
    }
  }

  /// Samples with a certificate of a family of faults at most; a recurrent model takes seconds for one.
  var faultCertificateLimit: Int {
    self == .quick ? 2 : certificateLimit
  }

  /// Work for each certified radius; counted, never timed.
  var certification: CertificationEffort {
    switch self {
    case .quick: CertificationEffort(slopeSteps: 0, boxes: 0)
    case .standard: CertificationEffort(slopeSteps: 10, boxes: 64)
    case .thorough: CertificationEffort(slopeSteps: 20, boxes: 1_024, bisections: 4)
    }
  }

  /// Boxes of parameters for each fault certificate; counted, never timed.
  var faultCertification: FaultEffort {
    switch self {
    case .quick: FaultEffort(boxes: 64, volumeBoxes: 16, slopeSteps: 0)
    case .standard: FaultEffort(boxes: 1_024, volumeBoxes: 256)
    case .thorough: FaultEffort(boxes: 8_192, volumeBoxes: 2_048, slopeSteps: 10)
    }
  }

  /// Boxes for each check of a property; counted, never timed.
  var propertyEffort: CertificationEffort {
    switch self {
    case .quick: CertificationEffort(boxes: 256)
    case .standard: CertificationEffort(boxes: 8_192)
    case .thorough: CertificationEffort(boxes: 131_072, starts: 32)
    }
  }

  /// Draws of the noise for each smoothed answer.
  func draws(of test: TestPlan.SmoothingTest) -> Int {
    self == .quick ? min(test.draws, 300) : test.draws
  }

  func selectionDraws(of test: TestPlan.SmoothingTest) -> Int {
    self == .quick ? min(test.selectionDraws, 100) : test.selectionDraws
  }

  /// Random readings that the noise control tries on each unbroken sample.
  var controlDraws: Int {
    switch self {
    case .quick: 20
    case .standard: 100
    case .thorough: 200
    }
  }

  /// Steps of the fault and corruption ladders that are run.
  var severities: [Int] {
    switch self {
    case .quick: [1, 3, 5]
    case .standard, .thorough: [1, 2, 3, 4, 5]
    }
  }

  var audit: CampaignAudit {
    switch self {
    case .quick: CampaignAudit(samples: 4, directions: 8, survivors: 8, blackBoxQueries: 100)
    case .standard: CampaignAudit(samples: 10, directions: 16, survivors: 30, blackBoxQueries: 500)
    case .thorough: CampaignAudit()
    }
  }

  /// The audit of an attacker over streams, whose every query asks for all windows.
  var streamAudit: CampaignAudit {
    guard self == .quick else { return audit }
    return CampaignAudit(samples: 2, directions: 8, survivors: 4, blackBoxQueries: 100)
  }

  /// What is tried by an attacker with this knowledge in this norm.
  ///
  /// - Parameter isExact: Whether the model's gradients are its own; where they are not, searches that see scores
  ///   alone are a part of the white-box attack.
  /// - Parameter isOverStreams: Whether many windows must be moved at once, which takes more steps.
  func attacks(
    knowing knowledge: TargetAccess, norm: PerturbationNorm, isExact: Bool = true,
    isOverStreams: Bool = false
  ) -> [any AdversarialAttack] {
    let queries = self == .quick ? 300 : self == .standard ? 1_000 : 5_000
    switch (knowledge, norm) {
    case (.gradients, .l0):
      return self == .quick
        ? [FastMinimumNorm(iterations: 30, restarts: 1)]
        : [FastMinimumNorm(), SparseRandomSearch(queries: queries)]
    case (.gradients, .l1):
      return self == .quick
        ? [APGDCrossEntropy(iterations: 30, restarts: 1)]
        : [AutoAttack(iterations: self == .standard ? 50 : 100, queries: queries)]
    case (.gradients, _):
      var stages: [any AdversarialAttack] =
        self == .quick
        ? [
          ProjectedGradientDescent(iterations: isOverStreams ? 60 : 30, restarts: 1),
          SquareAttack(queries: queries),
        ]
        : [AutoAttack(iterations: self == .standard ? 50 : 100, queries: queries)]
      if !isExact { stages.append(SensorNoise(.uniform, draws: queries)) }
      return Self.joined(stages)
    case (.scores, .l0):
      return [SparseRandomSearch(queries: queries)]
    case (.scores, _): return [SquareAttack(queries: queries)]
    case (.decisions, .l0), (.decisions, .l1): return [ReplayAttack()]
    case (.decisions, _): return [HopSkipJump(queries: 2 * queries, firstEstimate: 100)]
    }
  }

  /// One battery of several stages, so that the self-checks judge all of it.
  static func joined(_ stages: [any AdversarialAttack]) -> [any AdversarialAttack] {
    guard stages.count > 1, let battery = try? AttackBattery(stages) else { return stages }
    return [battery]
  }
}

import AdversarialTesting
import EngineSupport
import TensorCore
import Testing

/// Regressions and controllers: what is attacked is a value, not a class.
@Suite struct RegressionTests {
  /// y = 2 a - b + 0.5, one output.
  private let model = LinearModel(inputShape: [2], weights: [[2, -1]], bias: [0.5])

  private func batch(
    _ goal: AttackGoal, budget: Double, norm: PerturbationNorm = .linf
  ) throws -> AttackBatch {
    let limits = try PhysicalLimits(shape: [2], low: [-10], high: [10])
    return AttackBatch(
      samples: [0, 1], originals: Tensor(shape: [2, 2], elements: [0.3, 0.1, -1, 2]),
      labels: [0, 0], set: try PerturbationSet(limits, norm: norm, budget: budget), goal: goal,
      random: SeededRandom(seed: 2))
  }

  private func search(
    _ attack: any AdversarialAttack, _ batch: AttackBatch, model: (any TargetModel)? = nil
  ) throws -> [AttackFinding] {
    var oracle = TargetOracle(model ?? self.model, access: type(of: attack).needs)
    return try attack.search(batch, asking: &oracle)
  }

  /// The output moves by 3 r at most: |2| + |-1| for L-infinity.
  @Test(
    arguments: [
      ProjectedGradientDescent(), APGDTargeted(), APGDCrossEntropy(), FastGradientSign(),
      SquareAttack(queries: 200),
    ] as [any AdversarialAttack]) func deviationsAreFoundExactlyAboveTheTolerance(
      _ attack: any AdversarialAttack
    ) throws
  {
    for (budget, isFound) in [(0.333, false), (0.34, true)] {
      let findings = try search(attack, batch(.deviation(tolerance: 1), budget: budget))
      #expect(findings.allSatisfy { ($0.candidate != nil) == isFound }, "budget \(budget)")
    }
  }

  /// FMN, FAB and DeepFool give the smallest change that exceeds the tolerance.
  @Test(arguments: [FastMinimumNorm(), FABTargeted(), DeepFool()] as [any AdversarialAttack])
  func theSmallestChangeThatExceedsATolerance(_ attack: any AdversarialAttack) throws {
    for norm in [PerturbationNorm.linf, .l2, .l1] {
      let exact: [PerturbationNorm: Double] = [.linf: 1.0 / 3, .l2: 1 / 5.0.squareRoot(), .l1: 0.5]
      let batch = try batch(.deviation(tolerance: 1), budget: .infinity, norm: norm)
      for (row, finding) in try search(attack, batch).enumerated() {
        let candidate = try #require(finding.candidate)
        let distance = batch.set.distance(batch.originals.rows(row..<row + 1).elements, candidate)
        let smallest = exact[norm] ?? 0
        #expect(distance >= smallest * 0.999 && distance <= smallest * 1.05, "\(norm.rawValue)")
      }
    }
  }

  @Test func aPropertyIsViolatedOnTheSideItNames() throws {
    let above = AttackGoal.violation([[OutputInequality(coefficients: [1], exceeds: 1.5)]])
    let findings = try search(ProjectedGradientDescent(), batch(above, budget: 0.2))
    // 2·0.3 - 0.1 + 0.5 = 1.0 reaches 1.6; 2·(-1) - 2 + 0.5 = -3.5 does not.
    #expect(findings[0].candidate != nil && findings[1].candidate == nil)
    let both = AttackGoal.violation([
      [OutputInequality(coefficients: [1], exceeds: 1.5)],
      [OutputInequality(coefficients: [-1], exceeds: 3)],
    ])
    #expect(
      try search(ProjectedGradientDescent(), batch(both, budget: 0.2))
        .allSatisfy { $0.candidate != nil })
  }

  @Test func aCampaignOfDeviationsCountsAndReplays() throws {
    let limits = try PhysicalLimits(shape: [2], low: [-10], high: [10])
    var random = SeededRandom(seed: 4)
    let samples = Tensor<Float>(
      shape: [30, 2], elements: (0..<60).map { _ in Float(random.uniform() * 2 - 1) })
    let campaign = try Campaign(
      model: model, samples: samples, labels: Array(repeating: 0, count: 30), ladder: [0.3, 0.4],
      set: PerturbationSet(limits, norm: .linf, budget: 0.3), goal: .deviation(tolerance: 1),
      attack: ProjectedGradientDescent(), seed: 7)
    let result = try campaign.run()
    #expect(result.budgets.map(\.successes) == [0, 30] && result.verdict == .broken)
    #expect(result == (try campaign.run(batchSize: 7)))
    let audited = try CampaignAudit(samples: 5, directions: 8, survivors: 10, blackBoxQueries: 100)
      .audited(result, of: campaign)
    #expect(audited.checks.allSatisfy { $0.outcome == .pass || $0.outcome == .notApplicable })
  }

  /// The model must be misled while the detector, a second model on the same input, stays silent.
  @Test func concealmentNeedsBothObjectives() throws {
    let detector = LinearModel(inputShape: [2], weights: [[0, 1]], bias: [0])
    let classifier = LinearModel(inputShape: [2], weights: [[1, 1], [0, 0]], bias: [0, 0])
    let joint = try JointModel(classifier, detector)
    let limits = try PhysicalLimits(shape: [2], low: [-10], high: [10])
    // Class 0 while a + b > 0, here 1; the detector stays silent while b > 0.4.
    let sample = Tensor<Float>(shape: [1, 2], elements: [0.5, 0.5])
    for (budget, plain, concealed) in [
      (0.4, false, false), (0.52, true, false), (0.95, true, true),
    ] {
      let set = try PerturbationSet(limits, budget: budget)
      for (goal, isFound) in [
        (AttackGoal.concealed(classes: 2, while: []), plain),
        (
          .concealed(
            classes: 2, while: [OutputInequality(coefficients: [0, 0, 1], exceeds: 0.4)]), concealed
        ),
      ] {
        let batch = AttackBatch(
          samples: [0], originals: sample, labels: [0], set: set, goal: goal,
          random: SeededRandom(seed: 1))
        for attack: any AdversarialAttack in [ProjectedGradientDescent(), APGDTargeted()] {
          let finding = try search(attack, batch, model: joint)[0]
          #expect((finding.candidate != nil) == isFound, "\(budget), \(type(of: attack).name)")
        }
      }
    }
  }
}

import AdversarialTesting
import EngineSupport
import TensorCore
import Testing

@Suite struct CampaignTests {
  private let pgd = ProjectedGradientDescent(iterations: 20, restarts: 2)

  private func unitLimits(_ shape: [Int], bit: Double = 0) throws -> PhysicalLimits {
    try PhysicalLimits(shape: shape, low: [0], high: [1], leastSignificantBit: [bit])
  }

  /// Two threads stand in for the pipeline's ordered map; the second half is computed first.
  private func backwards(
    _ cases: [CampaignCase], _ body: @Sendable (CampaignCase) throws -> CaseResult
  ) throws -> [CaseResult] { try cases.reversed().map(body).reversed() }

  private func onTwoTasks(
    _ cases: [CampaignCase], _ body: @escaping @Sendable (CampaignCase) throws -> CaseResult
  ) async throws -> [CaseResult] {
    try await withThrowingTaskGroup(of: [(Int, CaseResult)].self) { group in
      for parity in 0..<2 {
        group.addTask {
          try stride(from: parity, to: cases.count, by: 2).map { ($0, try body(cases[$0])) }
        }
      }
      var results: [(Int, CaseResult)] = []
      for try await part in group { results += part }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  @Test func widthAndBatchSizeDoNotChangeTheResult() async throws {
    let (model, samples, labels) = Fixtures.twoLayer(seed: 3, count: 90)
    for attack: any AdversarialAttack in [
      pgd, SensorNoise(.gaussian(standardDeviation: 0.1), draws: 30),
    ] {
      let campaign = try Campaign(
        model: model, samples: samples, labels: labels, limits: unitLimits([8], bit: 1.0 / 64),
        budgets: [0.02, 0.05, 0.1, 0.2], attack: attack, seed: 42, noiseDraws: 20)
      let serial = try campaign.run(batchSize: 64)
      #expect(serial == (try campaign.run(batchSize: 1)))
      #expect(serial == (try campaign.run(batchSize: 7)))
      #expect(serial == (try campaign.run(batchSize: 90, mapping: backwards)))
      #expect(serial == (try await campaign.run(batchSize: 16, mapping: onTwoTasks)))
      #expect(serial.samples.map(\.index) == Array(0..<90))
    }
  }

  @Test func aLinearModelIsBrokenExactlyWhereItsClosedFormSays() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 8, count: 60)
    let limits = try PhysicalLimits(shape: [2, 3], low: [-10], high: [10])
    let budgets = [0.02, 0.05, 0.1, 0.2, 0.4]
    let result = try Campaign(
      model: model, samples: samples, labels: labels, limits: limits, budgets: budgets,
      attack: ProjectedGradientDescent(), seed: 1
    ).run()
    #expect(result.cleanErrors == 0 && result.verdict == .broken)
    for record in result.samples {
      let exact = model.minimalDistance(
        of: samples.rows(record.index..<record.index + 1).elements, label: record.label)
      let first = budgets.first { $0 > exact }
      #expect(record.example?.budget == first, "sample \(record.index), distance \(exact)")
      if let example = record.example {
        #expect(example.distance <= example.budget + 1e-6 && example.distance >= exact - 1e-6)
        #expect(example.margin < 0 && example.prediction != record.label)
        #expect(example.original == samples.rows(record.index..<record.index + 1).elements)
        let changes = zip(example.original, example.reading).map { Double($1) - Double($0) }
        #expect(changes.map(abs).max() == example.distance)
      }
    }
    for level in result.budgets {
      #expect(level.successes == result.samples.count { ($0.example?.budget ?? 9) <= level.budget })
      #expect(level.interval == ClopperPearson(successes: level.successes, trials: 60))
    }
    #expect(result.checks.map(\.outcome) == [.pass, .pass, .pass, .pass, .pass])
    #expect(result.spentByAttack.backward > 0 && result.spentByControls.double > 60)
  }

  @Test func thePlantedWeakModelIsAlwaysBroken() throws {
    let model = LinearModel(
      inputShape: [4], weights: [[9, -9, 9, -9], [-9, 9, -9, 9]], bias: [0, 0])
    var random = SeededRandom(seed: 77)
    let samples = Tensor<Float>(
      shape: [50, 4], elements: (0..<200).map { _ in Float(0.4 + 0.2 * random.uniform()) })
    let result = try Campaign(
      model: model, samples: samples, labels: Fixtures.labels(of: samples, by: model),
      limits: unitLimits([4]), budgets: [0.11, 0.3], attack: pgd, seed: 5
    ).run()
    #expect(result.budgets.allSatisfy { $0.rate == 1 && $0.found == 50 })
    #expect(result.verdict == .broken)
  }

  @Test func theRobustModelIsNeverBroken() throws {
    // The margin is at least 5 - 4 × 0.1 everywhere in the sensor's range.
    let model = LinearModel(
      inputShape: [4], weights: [[0.1, 0.1, 0.1, -0.1], [0, 0, 0, 0]], bias: [5, 0])
    var random = SeededRandom(seed: 78)
    let samples = Tensor<Float>(
      shape: [40, 4], elements: (0..<160).map { _ in Float(random.uniform()) })
    let result = try Campaign(
      model: model, samples: samples, labels: Array(repeating: 0, count: 40),
      limits: unitLimits([4]), budgets: [0.1, 1], attack: pgd, seed: 5
    ).run()
    #expect(result.verdict == .withstood)
    #expect(result.budgets.allSatisfy { $0.successes == 0 && $0.trials == 40 })
    #expect(result.samples.allSatisfy { $0.outcome == .withstood })
    #expect(result.budgets[0].interval.upper > 0.08)
  }

  @Test func aConstantModelIsInconclusiveNotRobust() throws {
    let model = LinearModel(
      inputShape: [4], weights: [[0, 0, 0, 0], [0, 0, 0, 0]], bias: [5, 0])
    let result = try Campaign(
      model: model, samples: Tensor(repeating: 0.5, shape: [10, 4]),
      labels: Array(repeating: 0, count: 10), limits: unitLimits([4]), budgets: [0.1], attack: pgd,
      seed: 5
    ).run()
    #expect(result.budgets[0].successes == 0)
    #expect(check(.s2GradientAtStart, result) == .fail && result.verdict == .inconclusive)
  }

  @Test func aMaskedGradientFailsTheChecks() throws {
    let (base, samples, labels) = Fixtures.linear(seed: 9, count: 40)
    let result = try Campaign(
      model: SpoiltModel(base: base, defect: .maskedGradient), samples: samples, labels: labels,
      limits: unitLimits([2, 3]), budgets: [0.3],
      attack: ProjectedGradientDescent(iterations: 10, restarts: 1), seed: 5
    ).run()
    #expect(check(.s2GradientAtStart, result) == .fail)
    #expect(check(.s7NoiseNeverBeatsAttack, result) == .fail)
    #expect(result.verdict == .inconclusive)
    #expect((result.budgets[0].brokenByNoiseOnly ?? 0) > 0)
  }

  @Test func whatDoublePrecisionDeniesIsRejectedAndCounted() throws {
    let base = LinearModel(inputShape: [2], weights: [[1, 0], [0, 1]], bias: [0, 0])
    let samples = Tensor<Float>(
      shape: [6, 2], elements: (0..<6).flatMap { _ in [Float(0.6), 0.5] })
    let result = try Campaign(
      model: SpoiltModel(base: base, defect: .doubleKeepsLabel(0)), samples: samples,
      labels: Array(repeating: 0, count: 6), limits: unitLimits([2]), budgets: [0.2],
      attack: pgd, seed: 5
    ).run()
    #expect(result.rejected.doubleDisagrees == 6 && result.budgets[0].successes == 0)
    #expect(check(.s13Validity, result) == .inconclusive && result.verdict == .inconclusive)
  }

  @Test func aWeakIterativeAttackFallsBehindItsSingleStep() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 10, count: 40)
    // One step of half the budget reaches less than the single step of the whole budget.
    let result = try Campaign(
      model: model, samples: samples, labels: labels,
      limits: PhysicalLimits(shape: [2, 3], low: [-10], high: [10]), budgets: [0.05, 0.1, 0.2],
      attack: ProjectedGradientDescent(iterations: 1, restarts: 1, losses: [.crossEntropy]), seed: 5
    ).run()
    #expect(check(.s3IterativeNotBelowSingleStep, result) == .fail)
    #expect(result.verdict == .inconclusive)
  }

  @Test func anAttackThatLosesStrengthWithBudgetFailsMonotony() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 12, count: 40)
    let result = try Campaign(
      model: model, samples: samples, labels: labels, limits: unitLimits([2, 3]),
      budgets: [0.4, 0.8], attack: TimidAttack(), seed: 5
    ).run()
    #expect(result.budgets[0].found > 20 && result.budgets[1].found == 0)
    #expect(result.budgets[1].successes == result.budgets[0].successes)
    #expect(check(.s4MonotoneInBudget, result) == .fail && result.verdict == .inconclusive)
  }

  @Test func anAttackThatLeavesTheSetFailsValidity() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 13, count: 10)
    let result = try Campaign(
      model: model, samples: samples, labels: labels, limits: unitLimits([2, 3]),
      budgets: [0.1], attack: CheatingAttack(), seed: 5
    ).run()
    #expect(result.rejected.outsideSet == 10 && result.budgets[0].successes == 0)
    #expect(check(.s13Validity, result) == .fail && result.verdict == .inconclusive)
  }

  @Test func cleanErrorsAreNoTrials() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 14, count: 30)
    var wrong = labels
    for index in 0..<10 { wrong[index] = (labels[index] + 1) % 3 }
    let result = try Campaign(
      model: model, samples: samples, labels: wrong, limits: unitLimits([2, 3]), budgets: [0.1],
      attack: pgd, seed: 5
    ).run()
    #expect(result.cleanErrors == 10 && result.budgets[0].trials == 20)
    #expect(
      result.samples.prefix(10).allSatisfy { $0.outcome == .cleanError && $0.cleanMargin < 0 })
    let none = try Campaign(
      model: model, samples: samples.rows(0..<10), labels: Array(wrong.prefix(10)),
      limits: unitLimits([2, 3]), budgets: [0.1], attack: pgd, seed: 5
    ).run()
    #expect(none.verdict == .inconclusive && none.budgets[0].trials == 0)
  }

  @Test func noiseAloneIsACampaignToo() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 15, count: 50)
    let result = try Campaign(
      model: model, samples: samples, labels: labels, limits: unitLimits([2, 3]),
      budgets: [0.01, 0.5], attack: SensorNoise(.gaussian(standardDeviation: 0.2), draws: 50),
      seed: 5
    ).run()
    #expect(check(.s7NoiseNeverBeatsAttack, result) == .notApplicable)
    #expect(result.budgets[0].successes < result.budgets[1].successes)
    #expect(result.spentByAttack.backward == 0)
  }

  @Test func badModelsAndDataAreNamed() throws {
    let (base, samples, labels) = Fixtures.linear(seed: 16, count: 12)
    let limits = try unitLimits([2, 3])
    func code(
      _ model: any TargetModel, _ samples: Tensor<Float>, _ labels: [Int],
      _ budgets: [Double] = [0.1]
    ) -> Diagnostic? {
      do {
        _ = try Campaign(
          model: model, samples: samples, labels: labels, limits: limits, budgets: budgets,
          attack: pgd, seed: 1
        ).run()
      } catch { return error as? Diagnostic }
      return nil
    }
    #expect(code(base, samples, labels) == nil)
    var spoilt = samples.elements
    spoilt[7 * 6 + 2] = .nan
    let nan = code(base, Tensor(shape: samples.shape, elements: spoilt), labels)
    #expect(nan?.code.name == "test.data.non-finite" && nan?.message.contains("sample 7") == true)
    spoilt[7 * 6 + 2] = 1.5
    let range = code(base, Tensor(shape: samples.shape, elements: spoilt), labels)
    #expect(range?.code.name == "test.data.out-of-range")
    let broken = code(SpoiltModel(base: base, defect: .nonFinite(above: -1)), samples, labels)
    #expect(broken?.code.name == "test.model.non-finite")
    #expect(broken?.message.contains("sample 0") == true)
    #expect(
      code(SpoiltModel(base: base, defect: .wrongShape), samples, labels)?.code.name
        == "test.model.shape")
    #expect(code(base, samples, labels.map { $0 + 3 })?.code.name == "test.data.label")
    #expect(code(base, samples, Array(labels.dropLast()))?.code.name == "test.data.shape")
    #expect(code(base, samples, labels, [0.2, 0.1])?.code.name == "test.plan.budgets")
    #expect(code(base, samples, labels, [])?.code.name == "test.plan.budgets")
    #expect(code(base, samples, labels, [0.1, .infinity])?.code.name == "test.limits.budget")
  }

  @Test func progressRisesToOne() async throws {
    let (model, samples, labels) = Fixtures.linear(seed: 17, count: 33)
    let log = ProgressLog()
    _ = try await Campaign(
      model: model, samples: samples, labels: labels, limits: unitLimits([2, 3]),
      budgets: [0.1, 0.2], attack: pgd, seed: 1
    ).run(batchSize: 8, progress: { log.note($0) }, mapping: onTwoTasks)
    let shares = log.shares
    #expect(shares.count == 10 && shares.last == 1 && shares == shares.sorted())
  }

  private func check(
    _ identifier: SelfCheck.Identifier, _ result: CampaignResult
  ) -> SelfCheck.Outcome? { result.checks.first { $0.identifier == identifier }?.outcome }
}

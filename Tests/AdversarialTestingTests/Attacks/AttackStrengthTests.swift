import AdversarialTesting
import EngineSupport
import TensorCore
import Testing

/// How near each attack comes to the closed form of a linear model. With two classes and a range that does
/// not bind, the smallest change is the margin over the dual norm of the difference of weights.
@Suite struct AttackStrengthTests {
  /// Attacks with a fixed budget, and how many times the exact distance they may need.
  struct Case: Sendable, CustomTestStringConvertible {
    var attack: any AdversarialAttack
    var norm: PerturbationNorm
    var factor: Double
    var testDescription: String { "\(type(of: attack).name), \(norm.rawValue)" }
  }

  static let atABudget: [Case] = [
    Case(attack: FastGradientSign(), norm: .linf, factor: 1.01),
    Case(attack: FastGradientSign(), norm: .l2, factor: 1.01),
    Case(attack: ProjectedGradientDescent(), norm: .linf, factor: 1.01),
    Case(attack: ProjectedGradientDescent(), norm: .l2, factor: 1.02),
    Case(attack: ProjectedGradientDescent(), norm: .l1, factor: 1.05),
    Case(attack: APGDCrossEntropy(), norm: .linf, factor: 1.01),
    Case(attack: APGDCrossEntropy(), norm: .l2, factor: 1.02),
    Case(attack: APGDCrossEntropy(), norm: .l1, factor: 1.05),
    Case(attack: APGDLogitRatio(), norm: .linf, factor: 1.01),
    Case(attack: APGDTargeted(), norm: .linf, factor: 1.01),
    Case(attack: APGDTargeted(), norm: .l2, factor: 1.02),
    Case(attack: AutoAttack(), norm: .linf, factor: 1.01),
    Case(attack: AutoAttack(), norm: .l2, factor: 1.02),
    Case(attack: AutoAttack(), norm: .l1, factor: 1.05),
    Case(attack: SquareAttack(queries: 1_000), norm: .linf, factor: 1.02),
    Case(attack: NaturalEvolution(), norm: .linf, factor: 1.1),
    Case(attack: NaturalEvolution(), norm: .l2, factor: 1.1),
    Case(attack: SimultaneousPerturbation(), norm: .linf, factor: 1.1),
    Case(attack: SimultaneousPerturbation(), norm: .l2, factor: 1.1),
  ]

  static let smallestChange: [Case] = [
    Case(attack: FABTargeted(), norm: .linf, factor: 1.02),
    Case(attack: FABTargeted(), norm: .l2, factor: 1.02),
    Case(attack: FABTargeted(), norm: .l1, factor: 1.02),
    Case(attack: DeepFool(), norm: .linf, factor: 1.03),
    Case(attack: DeepFool(), norm: .l2, factor: 1.03),
    Case(attack: DeepFool(), norm: .l1, factor: 1.03),
    Case(attack: FastMinimumNorm(), norm: .linf, factor: 1.05),
    Case(attack: FastMinimumNorm(), norm: .l2, factor: 1.05),
    Case(attack: FastMinimumNorm(), norm: .l1, factor: 1.05),
    Case(attack: CarliniWagner(), norm: .l2, factor: 1.05),
    Case(attack: HopSkipJump(queries: 4_000, firstEstimate: 100), norm: .l2, factor: 1.05),
    Case(attack: HopSkipJump(queries: 4_000, firstEstimate: 100), norm: .linf, factor: 1.1),
    Case(attack: BoundaryAttack(steps: 2_000), norm: .l2, factor: 1.1),
  ]

  private static let rows = 6

  @Test(arguments: atABudget) func reachesTheClosedFormAtABudget(_ item: Case) throws {
    let (model, samples, labels) = Fixtures.linear(seed: 23, count: Self.rows, classes: 2)
    let limits = try PhysicalLimits(shape: [2, 3], low: [-10], high: [10])
    for row in 0..<Self.rows {
      let sample = samples.rows(row..<row + 1)
      let distance = model.minimalDistance(
        of: sample.elements, label: labels[row], norm: item.norm)
      let set = try PerturbationSet(limits, norm: item.norm, budget: distance * item.factor)
      let finding = try item.attack.search(
        batch(sample, labels[row], row, set), model, queries: nil)
      #expect(finding.candidate != nil, "row \(row), distance \(distance)")
    }
  }

  @Test(arguments: smallestChange) func findsTheSmallestChange(_ item: Case) throws {
    let (model, samples, labels) = Fixtures.linear(seed: 23, count: Self.rows, classes: 2)
    let limits = try PhysicalLimits(shape: [2, 3], low: [-2], high: [3])
    for row in 0..<Self.rows {
      let sample = samples.rows(row..<row + 1)
      let distance = model.minimalDistance(
        of: sample.elements, label: labels[row], norm: item.norm)
      let set = try PerturbationSet(limits, norm: item.norm, budget: .infinity)
      let finding = try item.attack.search(
        batch(sample, labels[row], row, set), model, queries: nil)
      let candidate = try #require(finding.candidate)
      let found = set.distance(sample.elements, candidate)
      #expect(
        found >= distance * 0.999 && found <= distance * item.factor,
        "row \(row), found \(found), exact \(distance)")
    }
  }

  /// Windows need room: on eight by eight elements Square Attack in L2 and L1 stays within these factors.
  @Test(arguments: [(PerturbationNorm.l2, 2.0), (.l1, 2.5)]) func squareAttackFindsLargerWindows(
    _ norm: PerturbationNorm, _ factor: Double
  ) throws {
    var random = SeededRandom(seed: 5)
    let model = LinearModel(
      inputShape: [8, 8],
      weights: (0..<2).map { _ in (0..<64).map { _ in Float(random.uniform() * 2 - 1) } },
      bias: [0, 0])
    let limits = try PhysicalLimits(shape: [8, 8], low: [-10], high: [10])
    for row in 0..<2 {
      let sample = Tensor<Float>(
        shape: [1, 8, 8], elements: (0..<64).map { _ in Float(random.uniform()) })
      let label = Fixtures.labels(of: sample, by: model)[0]
      let distance = model.minimalDistance(of: sample.elements, label: label, norm: norm)
      let set = try PerturbationSet(limits, norm: norm, budget: distance * factor)
      let finding = try SquareAttack(queries: 400).search(
        batch(sample, label, row, set), model, queries: nil)
      #expect(finding.candidate != nil, "row \(row), distance \(distance)")
    }
  }

  /// With k elements free over the whole range, L0 attacks flip what the k steepest weights can flip.
  @Test(
    arguments: [
      ProjectedGradientDescent(), FastMinimumNorm(), SparseRandomSearch(queries: 400),
    ] as [any AdversarialAttack]) func findsTheFewestElements(
      _ attack: any AdversarialAttack
    ) throws
  {
    var agreed = 0
    let model = LinearModel(
      inputShape: [6], weights: [[1, -0.9, 0.7, 0.5, -0.3, 0.2], [0, 0, 0, 0, 0, 0]], bias: [0, 0])
    let limits = try PhysicalLimits(shape: [6], low: [0], high: [1])
    for (count, bias) in [(1, Float(-0.2)), (2, 0.2), (3, 0.5)] {
      // Every element can move a half: k of them shift the margin by half their weights' sum.
      var biased = model
      biased.bias = [bias, 0]
      let sample = Tensor<Float>(shape: [1, 6], elements: Array(repeating: 0.5, count: 6))
      let exact = biased.minimalDistance(
        of: sample.elements, label: 0, norm: .l0, reach: 0.5)
      guard exact == Double(count) else { continue }
      for (budget, isFound) in [(count - 1, false), (count, true)] {
        let set = try PerturbationSet(limits, norm: .l0, budget: Double(budget))
        let finding = try attack.search(batch(sample, 0, 0, set), biased, queries: nil)
        #expect((finding.candidate != nil) == isFound, "budget \(budget)")
        agreed += 1
      }
    }
    #expect(agreed >= 4)
  }

  private func batch(
    _ sample: Tensor<Float>, _ label: Int, _ row: Int, _ set: PerturbationSet
  ) -> AttackBatch {
    AttackBatch(
      samples: [row], originals: sample, labels: [label], set: set, random: SeededRandom(seed: 3))
  }
}

extension AdversarialAttack {
  /// The finding for a batch of one.
  func search(
    _ batch: AttackBatch, _ model: any TargetModel, queries: Int?
  ) throws -> AttackFinding {
    var oracle = TargetOracle(model, access: Self.needs, queriesPerSample: queries)
    return try search(batch, asking: &oracle)[0]
  }
}

import AdversarialTesting
import EngineSupport
import TensorCore
import Testing

@Suite struct StructuredAttackTests {
  private func run(
    _ attack: any AdversarialAttack, on model: any TargetModel, _ batch: AttackBatch,
    prepare: Bool = false
  ) throws -> [AttackFinding] {
    var oracle = TargetOracle(model, access: type(of: attack).needs)
    let ready = prepare ? try attack.prepared(on: batch, asking: &oracle) : attack
    return try ready.search(batch, asking: &oracle)
  }

  private func batch(
    _ samples: Tensor<Float>, _ labels: [Int], _ set: PerturbationSet
  ) -> AttackBatch {
    AttackBatch(
      samples: Array(labels.indices), originals: samples, labels: labels, set: set,
      random: SeededRandom(seed: 6))
  }

  /// On a linear model with two classes one change fits all samples of a class.
  @Test func oneChangeMisleadsAllSamplesOfAClass() throws {
    let model = LinearModel(
      inputShape: [4], weights: [[1, 1, -1, 1], [0, 0, 0, 0]], bias: [0, 0])
    var random = SeededRandom(seed: 8)
    let samples = Tensor<Float>(
      shape: [20, 4],
      elements: (0..<20).flatMap { _ in
        [0.5, 0.5, 0.5, 0].map { $0 + Float(random.uniform()) * 0.2 }
      })
    let labels = Fixtures.labels(of: samples, by: model)
    #expect(labels.allSatisfy { $0 == 0 })
    let limits = try PhysicalLimits(shape: [4], low: [-5], high: [5])
    let set = try PerturbationSet(limits, budget: 0.4)
    let batch = batch(samples, labels, set)
    let findings = try run(UniversalPerturbation(), on: model, batch, prepare: true)
    #expect(findings.allSatisfy { $0.candidate != nil })
    let changes = findings.enumerated().map { row, finding in
      zip(finding.candidate ?? [], samples.rows(row..<row + 1).elements).map { $0 - $1 }
    }
    for change in changes {
      #expect(zip(change, changes[0]).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func aFittedCampaignDoesNotDependOnItsBatches() throws {
    let (model, samples, labels) = Fixtures.twoLayer(seed: 5, count: 30)
    let limits = try PhysicalLimits(shape: [8], low: [0], high: [1])
    for attack: any AdversarialAttack in [UniversalPerturbation(), ReplayAttack()] {
      let campaign = try Campaign(
        model: model, samples: samples, labels: labels, limits: limits, budgets: [0.1, 0.4],
        attack: attack, seed: 3, noiseDraws: 5)
      #expect(try campaign.run(batchSize: 30) == campaign.run(batchSize: 4))
    }
  }

  @Test func aPatchChangesOneRectangle() throws {
    var random = SeededRandom(seed: 9)
    let model = LinearModel(
      inputShape: [1, 6, 6],
      weights: (0..<2).map { _ in (0..<36).map { _ in Float(random.uniform() - 0.5) } },
      bias: [0, 0])
    let samples = Tensor<Float>(repeating: 0.5, shape: [1, 1, 6, 6])
    let labels = Fixtures.labels(of: samples, by: model)
    let limits = try PhysicalLimits(shape: [1, 6, 6], low: [0], high: [1])
    let set = try PerturbationSet(limits, norm: .l0, budget: 9)
    let finding = try run(
      PatchAttack(share: 0.1, places: 20, iterations: 20), on: model, batch(samples, labels, set))[
        0]
    let candidate = try #require(finding.candidate)
    let changed = candidate.indices.filter { candidate[$0] != 0.5 }
    let rows = changed.map { $0 / 6 }
    let columns = changed.map { $0 % 6 }
    #expect(changed.count <= 9 && !changed.isEmpty)
    #expect((rows.max() ?? 0) - (rows.min() ?? 0) < 3)
    #expect((columns.max() ?? 0) - (columns.min() ?? 0) < 3)
  }

  /// A model that looks at the left edge is misled by moving the picture, not by turning nothing.
  @Test func aShiftedPictureIsFound() throws {
    var weights = [Float](repeating: 0, count: 25)
    for line in 0..<5 { weights[line * 5 + 1] = 1 }
    let model = LinearModel(
      inputShape: [1, 5, 5], weights: [weights, Array(repeating: 0, count: 25)], bias: [0, 2.5])
    var picture = [Float](repeating: 0, count: 25)
    for line in 0..<5 { picture[line * 5 + 1] = 1 }
    let limits = try PhysicalLimits(shape: [1, 5, 5], low: [0], high: [1])
    let set = try PerturbationSet(limits, norm: .linf, budget: .infinity)
    let batch = batch(Tensor(shape: [1, 1, 5, 5], elements: picture), [0], set)
    let moved = SpatialTransformation(rotation: 0, shift: 0.2, scale: 0, draws: 0)
    #expect(try run(moved, on: model, batch)[0].candidate != nil)
    let still = SpatialTransformation(rotation: 0, shift: 0, scale: 0, draws: 5)
    #expect(try run(still, on: model, batch)[0].candidate == nil)
  }

  @Test func aReplayShowsAnotherRecording() throws {
    let model = LinearModel(inputShape: [2], weights: [[1, 0], [0, 1]], bias: [0, 0])
    let samples = Tensor<Float>(shape: [2, 2], elements: [0.8, 0.2, 0.3, 0.7])
    let limits = try PhysicalLimits(shape: [2], low: [0], high: [1])
    let wide = try PerturbationSet(limits, budget: 1)
    let findings = try run(ReplayAttack(), on: model, batch(samples, [0, 1], wide), prepare: true)
    #expect(findings[0].candidate == [0.3, 0.7] && findings[1].candidate == [0.8, 0.2])
    let narrow = try PerturbationSet(limits, budget: 0.1)
    #expect(
      try run(ReplayAttack(), on: model, batch(samples, [0, 1], narrow), prepare: true)
        .allSatisfy { $0.candidate == nil })
  }

  /// z = H x with three measurements of two states: the third is the sum of the others.
  @Test func injectedDataStayInTheRangeOfTheMeasurements() throws {
    let plant = try MeasurementModel(matrix: [[1, 0], [0, 1], [1, 1]], residualLimit: 1e-3)
    #expect(plant.residual(of: [0.2, 0.3, 0.5]) < 1e-12)
    #expect(abs(plant.residual(of: [0, 0, 1]) - 1 / 3.0.squareRoot()) < 1e-12)
    let model = LinearModel(
      inputShape: [3], weights: [[1, -1, 0.2], [0, 0, 0]], bias: [0, 0])
    let samples = Tensor<Float>(shape: [1, 3], elements: [0.6, 0.3, 0.9])
    let limits = try PhysicalLimits(shape: [3], low: [0], high: [2])
    let set = try PerturbationSet(limits, budget: 0.35)
    let attack = FalseDataInjection(model: plant, iterations: 40, restarts: 2)
    let finding = try run(attack, on: model, batch(samples, [0], set))[0]
    let candidate = try #require(finding.candidate)
    #expect(plant.residual(of: candidate.map(Double.init)) <= 1e-3)
    #expect(candidate != samples.elements)
    // An attack that does not know the plant is seen by its residual.
    let blind = try run(ProjectedGradientDescent(), on: model, batch(samples, [0], set))[0]
    #expect(plant.residual(of: (blind.candidate ?? []).map(Double.init)) > 1e-3)
  }

  @Test func aSurrogateThatIsTheTargetTransfersFully() throws {
    let (model, samples, labels) = Fixtures.linear(seed: 17, count: 12, classes: 2)
    let limits = try PhysicalLimits(shape: [2, 3], low: [-10], high: [10])
    let twin = SurrogateModel(name: "twin", model: model)
    let attack = TransferAttack(surrogate: twin, starts: 2, iterations: 20, probes: 10)
    for row in 0..<12 {
      let distance = model.minimalDistance(
        of: samples.rows(row..<row + 1).elements, label: labels[row])
      let set = try PerturbationSet(limits, budget: distance * 1.05)
      let part = AttackBatch(
        samples: [row], originals: samples.rows(row..<row + 1), labels: [labels[row]], set: set,
        random: SeededRandom(seed: 6))
      #expect(try run(attack, on: model, part)[0].candidate != nil)
    }
  }
}

import AdversarialTesting
import EngineSupport
import TensorCore
import Testing

@Suite struct WrappedModelTests {
  /// A linear model whose logits carry noise that a draw's number decides: mean zero over many draws.
  struct NoisyModel: RandomisedModel {
    var base: LinearModel
    var inputShape: [Int] { base.inputShape }
    var classCount: Int { base.classCount }

    private func noise(_ draw: Int, _ place: Int) -> Double {
      var random = SeededRandom(seed: 12).stream("draw", draw).stream("place", place % classCount)
      return random.uniform() - 0.5
    }

    func scores(of batch: Tensor<Float>, draw: Int) -> Tensor<Float> {
      var scores = base.scores(of: batch)
      for index in 0..<scores.count { scores.elements[index] += Float(noise(draw, index)) }
      return scores
    }

    func gradient(
      at batch: Tensor<Float>, draw: Int,
      of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
    ) -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
      let scores = scores(of: batch, draw: draw)
      let pulled = cotangent(scores)
      return (scores, base.gradient(at: batch) { _ in pulled }.gradient)
    }

    func scoresInDouble(of batch: Tensor<Double>, draw: Int) -> Tensor<Double> {
      var scores = base.scoresInDouble(of: batch)
      for index in 0..<scores.count { scores.elements[index] += noise(draw, index) }
      return scores
    }
  }

  @Test func theExpectationOfARandomModelCanBeAttacked() throws {
    let (base, samples, _) = Fixtures.linear(seed: 51, count: 20)
    let model = ExpectationOverDraws(NoisyModel(base: base), draws: 20)
    let labels = Fixtures.labels(of: samples, by: model)
    let limits = try PhysicalLimits(shape: [2, 3], low: [0], high: [1])
    let campaign = try Campaign(
      model: model, samples: samples, labels: labels, limits: limits, budgets: [0.3],
      attack: ProjectedGradientDescent(), seed: 2, noiseDraws: 10)
    let result = try campaign.run()
    #expect(result.verdict == .broken && result.budgets[0].successes > 10)
    #expect(result == (try campaign.run(batchSize: 3)))
  }

  @Test func oneDisturbanceOfARecordingReachesEveryWindow() throws {
    let window = LinearModel(
      inputShape: [3, 1], weights: [[1, 1, 1], [0, 0, 0]], bias: [-1, 0])
    let model = try WindowedModel(window, recording: 6, stride: 1)
    #expect(model.windowCount == 4 && model.inputShape == [6, 1] && model.classCount == 8)
    let recording = Tensor<Float>(shape: [1, 6, 1], elements: [0.1, 0.2, 0.3, 0.2, 0.1, 0.2])
    let scores = try model.scores(of: recording).elements
    for number in 0..<4 {
      let sum = recording.elements[number..<number + 3].reduce(0, +)
      #expect(abs(scores[2 * number] - (sum - 1)) < 1e-6)
    }
    // Instants that more windows see have larger gradients.
    let all = try model.gradient(at: recording) { scores in
      Tensor(shape: scores.shape, elements: scores.elements.indices.map { $0 % 2 == 0 ? 1 : 0 })
    }
    #expect(all.gradient.elements == [1, 2, 3, 3, 2, 1])
    let goal = model.inAnyWindow([[OutputInequality(coefficients: [1, 0], exceeds: 0)]])
    let limits = try PhysicalLimits(shape: [6, 1], low: [0], high: [1])
    for (budget, isFound) in [(0.09, false), (0.11, true)] {
      let batch = AttackBatch(
        samples: [0], originals: recording, labels: [0],
        set: try PerturbationSet(limits, budget: budget), goal: goal,
        random: SeededRandom(seed: 1))
      let finding = try ProjectedGradientDescent().search(batch, model, queries: nil)
      #expect((finding.candidate != nil) == isFound)
    }
    #expect(throws: Diagnostic.self) { _ = try WindowedModel(window, recording: 2, stride: 1) }
  }

  @Test func attacksOnSignalsKeepSlewBalanceAndGrid() throws {
    var random = SeededRandom(seed: 61)
    let model = LinearModel(
      inputShape: [8, 2],
      weights: (0..<2).map { _ in (0..<16).map { _ in Float(random.uniform() - 0.5) } },
      bias: [0, 0])
    let limits = try PhysicalLimits(
      shape: [8, 2], low: [0], high: [1], leastSignificantBit: [1.0 / 256])
    // Two flow meters in series: equal at every instant, to the noise of the meters.
    let rules =
      [PhysicalRule.slew(axis: 0, rise: 0.1, fall: 0.1)]
      + (0..<8).map { instant in
        PhysicalRule.balance(
          terms: [
            PhysicalRule.Term(index: 2 * instant, coefficient: 1),
            PhysicalRule.Term(index: 2 * instant + 1, coefficient: -1),
          ], target: 0, tolerance: 0.01)
      }
    let set = try PerturbationSet(limits, norm: .linf, budget: 0.3, rules: rules)
    var (found, free) = (0, 0)
    for row in 0..<12 {
      var value = 0.4 + 0.2 * random.uniform()
      let signal = (0..<8).flatMap { _ -> [Float] in
        value += (random.uniform() - 0.5) * 0.05
        let code = Float((value * 256).rounded() / 256)
        return [code, code]
      }
      let sample = Tensor<Float>(shape: [1, 8, 2], elements: signal)
      let label = Fixtures.labels(of: sample, by: model)[0]
      for (attack, within) in [
        (ProjectedGradientDescent() as any AdversarialAttack, set), (APGDCrossEntropy(), set),
        (FastMinimumNorm(), set), (APGDCrossEntropy(), try set.withoutRules()),
      ] {
        let batch = AttackBatch(
          samples: [row], originals: sample, labels: [label], set: within,
          random: SeededRandom(seed: 1))
        guard let candidate = try attack.search(batch, model, queries: nil).candidate else {
          continue
        }
        #expect(within.contains(original: signal, candidate: candidate))
        if within == set { found += 1 } else { free += 1 }
        guard within == set else { continue }
        for instant in 0..<8 {
          #expect(abs(candidate[2 * instant] - candidate[2 * instant + 1]) <= 0.0101)
        }
      }
    }
    // The rules bind: without them more samples fall, with them some still do.
    #expect(found > 0 && free * 3 >= found && free > 0)
  }
}

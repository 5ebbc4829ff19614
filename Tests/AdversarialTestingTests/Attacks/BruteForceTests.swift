import AdversarialTesting
import EngineSupport
import TensorCore
import Testing

/// On a net with two inputs and a coarse sensor every reading can be listed, so the truth is known.
@Suite struct BruteForceTests {
  private static let seed: UInt64 = 71

  private func net(_ random: inout SeededRandom) -> TwoLayerModel {
    func layer(_ rows: Int, _ columns: Int) -> LinearModel {
      LinearModel(
        inputShape: [columns],
        weights: (0..<rows).map { _ in (0..<columns).map { _ in Float(random.uniform() * 4 - 2) } },
        bias: (0..<rows).map { _ in Float(random.uniform() - 0.5) })
    }
    return TwoLayerModel(hidden: layer(8, 2), head: layer(3, 8))
  }

  @Test(
    arguments: [
      ProjectedGradientDescent(), AutoAttack(iterations: 40, queries: 300),
      SquareAttack(queries: 500), FastMinimumNorm(),
    ] as [any AdversarialAttack]) func findsWhatBruteForceFinds(
      _ attack: any AdversarialAttack
    ) throws
  {
    var random = SeededRandom(seed: Self.seed)
    let bit = 1.0 / 32
    let limits = try PhysicalLimits(
      shape: [2], low: [0], high: [1], leastSignificantBit: [bit])
    var (truth, found) = (0, 0)
    for row in 0..<40 {
      let model = net(&random)
      let sample = (0..<2).map { _ in Float((random.uniform() * 32).rounded() * bit) }
      let original = Tensor<Float>(shape: [1, 2], elements: sample)
      let label = Fixtures.labels(of: original, by: model)[0]
      let set = try PerturbationSet(limits, budget: 4 * bit)
      var isBreakable = false
      for a in 0...32 {
        for b in 0...32 {
          let reading = [Float(Double(a) * bit), Float(Double(b) * bit)]
          guard set.contains(original: sample, candidate: reading) else { continue }
          let other = Fixtures.labels(
            of: Tensor(shape: [1, 2], elements: reading), by: model)[0]
          isBreakable = isBreakable || other != label
        }
      }
      let batch = AttackBatch(
        samples: [row], originals: original, labels: [label], set: set,
        random: SeededRandom(seed: 1))
      let finding = try attack.search(batch, model, queries: nil)
      if isBreakable { truth += 1 }
      if let candidate = finding.candidate {
        found += 1
        #expect(isBreakable && set.contains(original: sample, candidate: candidate))
      }
    }
    #expect(truth >= 8 && truth <= 32, "seed \(Self.seed): \(truth) can be broken")
    #expect(found == truth, "\(found) of \(truth), seed \(Self.seed)")
  }
}

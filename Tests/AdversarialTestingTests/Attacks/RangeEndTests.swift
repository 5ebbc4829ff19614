import EngineSupport
import TensorCore
import Testing

@testable import AdversarialTesting

/// Samples at the ends of the sensor's range, as most elements of a picture or of an idle plant are: most of
/// what a gradient asks for cannot be done there.
@Suite struct RangeEndTests {
  private static let seed: UInt64 = 1_601

  /// Two classes on eight elements, of which some cannot go where the gradient points.
  private struct Case {
    var model: LinearModel
    var sample: [Float]
    var label: Int
    /// By how much the margin falls when an element alone goes to the end of its range.
    var gains: [Double]
    var margin: Double
  }

  /// - Parameters:
  ///   - stuck: the share of such elements.
  ///   - share: the margin at most, as a share of all that the others can do; a tenth at least.
  private func cases(stuck: Double, share: Double) -> [Case] {
    var random = SeededRandom(seed: Self.seed)
    return (0..<60).map { _ in
      let weights = (0..<8).map { _ in Float(random.uniform() * 2 - 1) }
      let sample = weights.map { weight -> Float in
        let isStuck = random.uniform() < stuck
        return isStuck ? (weight > 0 ? 0 : 1) : Float(random.uniform())
      }
      // Class 0 wins by weights · x + bias; falling weights · x breaks it.
      let gains = zip(weights, sample).map { Double($0 > 0 ? $0 * $1 : -$0 * (1 - $1)) }
      let value = zip(weights, sample).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let margin = gains.reduce(0, +) * (0.1 + (share - 0.1) * random.uniform()) + 1e-3
      let model = LinearModel(
        inputShape: [8], weights: [weights, weights.map { _ in 0 }],
        bias: [Float(margin - value), 0])
      return Case(model: model, sample: sample, label: 0, gains: gains, margin: margin)
    }.filter { $0.gains.reduce(0, +) > 1.2 * $0.margin && $0.margin > 1e-2 }
  }

  private func finding(
    _ attack: some AdversarialAttack, _ trial: Case, _ norm: PerturbationNorm
  ) throws -> AttackFinding {
    let limits = try PhysicalLimits(shape: [8], low: [0], high: [1])
    let batch = AttackBatch(
      samples: [0], originals: Tensor(shape: [1, 8], elements: trial.sample),
      labels: [trial.label], set: try PerturbationSet(limits, norm: norm, budget: .infinity),
      random: SeededRandom(seed: 1))
    return try attack.search(batch, trial.model, queries: nil)
  }

  /// Steps as if there were no range lose what the range cuts off; without going further than the boundary one in a
  /// hundred of these samples falls.
  @Test(arguments: [PerturbationNorm.l2, .linf]) func deepFoolPassesTheBoundary(
    _ norm: PerturbationNorm
  ) throws {
    let cases = cases(stuck: 0.4, share: 0.4)
    #expect(cases.count >= 50, "seed \(Self.seed)")
    let found = try cases.count { try finding(DeepFool(), $0, norm).candidate != nil }
    #expect(
      Double(found) >= 0.9 * Double(cases.count), "\(found) of \(cases.count), seed \(Self.seed)")
  }

  /// On a linear model the fewest elements are those with the largest gains.
  @Test func fastMinimumNormFindsTheFewestElements() throws {
    for (number, trial) in cases(stuck: 0.7, share: 0.7).enumerated() {
      var (left, fewest) = (trial.margin, 0)
      for gain in trial.gains.sorted(by: >) where left > 0 {
        left -= gain
        fewest += 1
      }
      // Where the last element only just reaches the boundary, rounding decides.
      guard left < -1e-3 else { continue }
      let candidate = try #require(
        try finding(FastMinimumNorm(), trial, .l0).candidate, "seed \(Self.seed), case \(number)")
      let changed = zip(candidate, trial.sample).count { $0 != $1 }
      #expect(changed == fewest, "seed \(Self.seed), case \(number)")
    }
  }

  @Test func gathersRowsThatAreAskedForTwice() throws {
    let limits = try PhysicalLimits(shape: [2], low: [0], high: [1])
    let region = PerturbationRegion(
      try PerturbationSet(limits, budget: 0.1), around: [0.1, 0.2, 0.3, 0.4])
    #expect(region.gather(region.originals, rows: [1, 1]) == [0.3, 0.4, 0.3, 0.4])
    #expect(region.gather(region.originals, rows: [0, 1]) == region.originals)
  }
}

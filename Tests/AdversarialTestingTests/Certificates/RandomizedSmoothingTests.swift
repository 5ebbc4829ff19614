import AdversarialTesting
import EngineSupport
import TensorCore
import Testing

/// Smoothed radii against the published ceilings and a model for which they are known.
@Suite struct RandomizedSmoothingTests {
  /// With every draw won the radius is σ Φ⁻¹(α^(1/n)).
  @Test(arguments: [(1_000, 2.4633), (10_000, 3.1986), (100_000, 3.8115)])
  func theNumberOfDrawsLimitsTheRadius(_ draws: Int, _ ceiling: Double) {
    let smoothing = RandomizedSmoothing(deviation: 1, estimationDraws: draws)
    #expect(abs(smoothing.greatestRadius - ceiling) < 1e-4)
  }

  /// For a linear model the smoothed classifier is the model itself, and its radius is the distance to the plane.
  @Test func radiiOfALinearModelStayBelowTheDistanceAndComeNearIt() throws {
    let model = LinearModel(inputShape: [2], weights: [[3, 4], [0, 0]], bias: [0, 0])
    let smoothing = RandomizedSmoothing(deviation: 0.5, estimationDraws: 4_000)
    for seed in UInt64(1)...5 {
      let sample = Tensor<Float>(shape: [2], elements: [0.3, 0.15])
      let distance = (3 * 0.3 + 4 * 0.15) / 5
      let verdict = try smoothing.verdict(
        for: sample, by: model, random: SeededRandom(seed: seed))
      #expect(verdict.label == 0)
      #expect(verdict.radius < distance, "seed \(seed)")
      #expect(verdict.radius > 0.75 * distance, "seed \(seed): \(verdict.radius)")
      #expect(
        verdict
          == (try smoothing.verdict(for: sample, by: model, random: SeededRandom(seed: seed))))
    }
  }

  @Test func aSampleOnTheBorderIsAbstainedFrom() throws {
    let model = LinearModel(inputShape: [1], weights: [[1], [-1]], bias: [0, 0])
    let smoothing = RandomizedSmoothing(deviation: 1, estimationDraws: 500)
    let verdict = try smoothing.verdict(
      for: Tensor<Float>(shape: [1], elements: [0]), by: model, random: SeededRandom(seed: 3))
    #expect(verdict.label == nil && verdict.radius == 0)
  }
}

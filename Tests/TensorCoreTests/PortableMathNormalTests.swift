import TensorCore
import Testing

@Suite struct PortableMathNormalTests {
  /// φ(z)/(1 − Φ(z)) − z in 60-digit decimals; up to 10 SciPy's `log_ndtr` says the same.
  @Test(arguments: [
    (5.0, 0.18650396712584212), (6, 0.15848260454459892), (10, 0.09809323396251196),
    (40, 0.024968847207263724), (1e6, 9.99999999998e-7),
  ])
  func tailExcess(_ example: (Double, Double)) {
    let excess = PortableMath.normalTailExcess(above: example.0)
    #expect(abs(excess - example.1) < 1e-14 * example.1, "\(excess) at \(example.0)")
  }

  @Test func tailExcessContinuesTheDistributionFunction() {
    for step in 0...30 {
      let z = 5 + Double(step) * 0.1
      let density = PortableMath.exp(-z * z / 2) * 0.39894228040143268
      let direct = density / PortableMath.standardNormal(below: -z) - z
      #expect(abs(PortableMath.normalTailExcess(above: z) - direct) < 1e-10)
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func momentsOfDraws(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let count = 200_000
    var powers = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<count {
      let x = PortableMath.standardNormal { random.uniform() }
      powers.0 += x
      powers.1 += x * x
      powers.2 += x * x * x
      powers.3 += x * x * x * x
    }
    let n = Double(count)
    // Variances of x, x², x³, x⁴ are 1, 2, 15, 96.
    #expect(abs(powers.0 / n) < 4 * (1 / n).squareRoot(), "seed \(seed)")
    #expect(abs(powers.1 / n - 1) < 4 * (2 / n).squareRoot(), "seed \(seed)")
    #expect(abs(powers.2 / n) < 4 * (15 / n).squareRoot(), "seed \(seed)")
    #expect(abs(powers.3 / n - 3) < 4 * (96 / n).squareRoot(), "seed \(seed)")
  }
}

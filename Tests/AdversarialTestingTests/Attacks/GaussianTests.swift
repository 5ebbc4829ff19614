import EngineSupport
import Testing

@testable import AdversarialTesting

@Suite struct GaussianTests {
  @Test func hasTheMomentsOfTheNormalDistribution() {
    var random = SeededRandom(seed: 2_026)
    let draws = (0..<100_000).map { _ in random.gaussian() }
    let mean = draws.reduce(0, +) / 100_000
    let variance = draws.reduce(0) { $0 + $1 * $1 } / 100_000
    let fourth = draws.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 100_000
    #expect(abs(mean) < 0.013 && abs(variance - 1) < 0.018 && abs(fourth - 3) < 0.13)
    let beyondTwo = Double(draws.count { abs($0) > 2 }) / 100_000
    #expect(abs(beyondTwo - 0.0455) < 0.003)
  }

  /// The source for searches, also in the wedges and the tail of its layers, which one draw in eighty reaches.
  @Test func theZigguratHasThemToo() {
    let count = 200_000
    var random = SeededRandom(seed: 2_027)
    var source = NormalSource(&random)
    let draws = (0..<count).map { _ in source.next() }
    var moments = SIMD4<Double>.zero
    for draw in draws { moments += SIMD4(1, draw, draw * draw, draw * draw * draw) * draw }
    moments /= Double(count)
    #expect(abs(moments[0]) < 0.011 && abs(moments[1] - 1) < 0.016)
    #expect(abs(moments[2]) < 0.043 && abs(moments[3] - 3) < 0.11)
    // Shares beyond some points, each within five standard deviations.
    for (bound, share) in [(0.5, 0.617_075), (1.5, 0.133_614), (2.5, 0.012_419), (3.5, 0.000_465)] {
      let found = Double(draws.count { abs($0) > bound }) / Double(count)
      let deviation = (share * (1 - share) / Double(count)).squareRoot()
      #expect(abs(found - share) < 5 * deviation, "beyond \(bound): \(found)")
    }
    var again = SeededRandom(seed: 2_027)
    var repeated = NormalSource(&again)
    #expect((0..<100).map { _ in repeated.next() } == Array(draws[..<100]))
  }
}

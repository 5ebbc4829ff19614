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
}

import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

@Suite("Hostile times to compromise")
struct HostileTimeTests {
  static let extremes: [Double] = [
    0, -0.0, 1, -1, 0.5, .leastNonzeroMagnitude, .leastNormalMagnitude, 1e-300, 1e300,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, -.infinity, .nan, 1e15, 100_000,
    100_001, 1_000_000, 1.0.nextDown, 1.0.nextUp,
  ]

  /// Whatever is accepted gives numbers, and what is refused is refused everywhere.
  @Test func everyParameterIsSurvived() {
    for distribution in TTCDistribution.allCases {
      let count = distribution.parameters.count
      for first in Self.extremes {
        for second in Self.extremes {
          let arguments = Array([first, second].prefix(count))
          Self.check(.distribution(distribution.rawValue, arguments))
          if count == 0 { break }
        }
        if count == 0 { break }
      }
    }
  }

  static func check(_ expression: TTCExpression) {
    guard let sampler = try? TimeSampler(expression) else {
      #expect(throws: UnsupportedTTC.self) { try expression.probability(within: 1) }
      #expect(throws: UnsupportedTTC.self) { try expression.mean() }
      return
    }
    for index in 0..<8 {
      var random = SeededRandom(seed: 11).row(index).cell(0)
      let days = sampler.draw(from: &random)
      #expect(!days.isNaN, "\(expression)")
    }
    if let mean = try? expression.mean() {
      #expect(!mean.days.isNaN && (0...1).contains(mean.gate), "\(expression)")
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func randomArithmeticOfExtremesIsSurvived(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    func leaf() -> TTCExpression {
      let value = Self.extremes[random.index(below: Self.extremes.count)]
      switch random.index(below: 6) {
      case 0: return .number(value)
      case 1: return .distribution("Pareto", [1e-300, 1e-3])
      case 2: return .distribution("LogNormal", [700, 50])
      case 3: return .distribution("Bernoulli", [0.5])
      case 4: return .distribution("Infinity", [])
      default: return .distribution("Uniform", [-1e308, 1e308])
      }
    }
    func tree(_ depth: Int) -> TTCExpression {
      guard depth > 0 else { return leaf() }
      let (left, right) = (tree(depth - 1), tree(random.index(below: depth)))
      switch random.index(below: 5) {
      case 0: return .sum(left, right)
      case 1: return .difference(left, right)
      case 2: return .product(left, right)
      case 3: return .quotient(left, right)
      default: return .power(left, right)
      }
    }
    for _ in 0..<400 {
      let expression = tree(4)
      guard let sampler = try? TimeSampler(expression) else { continue }
      for _ in 0..<4 {
        let days = sampler.draw(from: &random)
        #expect(!days.isNaN, "seed \(seed): \(expression)")
      }
      _ = try? expression.mean()
      _ = try? expression.probability(within: 1)
    }
  }

  @Test func deepAndLargeExpressionsAreRefused() {
    var left = TTCExpression.distribution("Exponential", [1])
    var right = left
    for _ in 0..<2_000 {
      left = .sum(left, .distribution("Exponential", [1]))
      right = .sum(.distribution("Exponential", [1]), right)
    }
    var wide = TTCExpression.distribution("Exponential", [1])
    for _ in 0..<13 { wide = .product(wide, wide) }
    for expression in [left, right, wide] {
      #expect(throws: UnsupportedTTC.self) { try TimeSampler(expression) }
      #expect(throws: UnsupportedTTC.self) { try expression.mean() }
      #expect(throws: UnsupportedTTC.self) { try expression.probability(within: 1) }
    }
  }

  @Test func whatTheParserLetsThroughIsDrawnWhateverSideItLeansTo() throws {
    let one = TTCExpression.distribution("Exponential", [1])
    var left = one
    var right = one
    var wide = one
    for _ in 1..<160 {
      left = .sum(left, one)
      right = .sum(one, right)
    }
    for _ in 0..<10 { wide = .sum(wide, wide) }
    for (expression, terms) in [(left, 160.0), (right, 160), (wide, 1_024)] {
      let sampler = try TimeSampler(expression)
      let count = 2_000
      var sum = 0.0
      for index in 0..<count {
        var random = SeededRandom(seed: 4).row(index).cell(0)
        sum += sampler.draw(from: &random)
      }
      let mean = sum / Double(count)
      #expect(abs(mean - terms) < 4 * (terms / Double(count)).squareRoot())
      #expect(try expression.mean().days == terms)
    }
  }
}

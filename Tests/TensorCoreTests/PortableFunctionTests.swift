import Foundation
import TensorCore
import Testing

/// Each elementary function against the platform's, which is within 1 ulp, to the bound it documents.
@Suite struct PortableFunctionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var ulps: Double
    var range: ClosedRange<Double>
    var ours: @Sendable (Double) -> Double
    var platform: @Sendable (Double) -> Double

    init(
      _ name: String, within ulps: Double, on range: ClosedRange<Double>,
      _ ours: @escaping @Sendable (Double) -> Double,
      _ platform: @escaping @Sendable (Double) -> Double
    ) {
      testDescription = name
      self.ulps = ulps
      self.range = range
      self.ours = ours
      self.platform = platform
    }
  }

  static let cases = [
    Case("exp", within: 2, on: -700...700, PortableMath.exp, Foundation.exp),
    Case("expm1", within: 4, on: -2...2, PortableMath.expm1, Foundation.expm1),
    Case("log", within: 2, on: 1e-3...1e3, PortableMath.log, Foundation.log),
    Case("log1p", within: 4, on: -0.99...3, PortableMath.log1p, Foundation.log1p),
    Case("sin", within: 2, on: -1e4...1e4, PortableMath.sin, Foundation.sin),
    Case("sin near 0", within: 2, on: -4...4, PortableMath.sin, Foundation.sin),
    Case("sin far away", within: 2, on: 1e5...1e18, PortableMath.sin, Foundation.sin),
    Case("cos", within: 2, on: -1e4...1e4, PortableMath.cos, Foundation.cos),
    Case("cos near 0", within: 2, on: -4...4, PortableMath.cos, Foundation.cos),
    Case("cos far away", within: 2, on: -1e300...1e300, PortableMath.cos, Foundation.cos),
    Case("tan", within: 4, on: -100...100, PortableMath.tan, Foundation.tan),
    Case("asin", within: 6, on: -1...1, PortableMath.asin, Foundation.asin),
    Case("acos", within: 6, on: -1...1, PortableMath.acos, Foundation.acos),
    Case("atan", within: 3, on: -8...8, PortableMath.atan, Foundation.atan),
    Case("sinh", within: 4, on: -5...5, PortableMath.sinh, Foundation.sinh),
    Case("cosh", within: 4, on: -700...700, PortableMath.cosh, Foundation.cosh),
    Case("tanh", within: 4, on: -3...3, PortableMath.tanh, Foundation.tanh),
    Case("asinh", within: 6, on: -9...9, PortableMath.asinh, Foundation.asinh),
    Case("acosh", within: 6, on: 1...90, PortableMath.acosh, Foundation.acosh),
    Case("atanh", within: 6, on: -1...1, PortableMath.atanh, Foundation.atanh),
    Case("erf", within: 8, on: -6.5...6.5, PortableMath.erf, Foundation.erf),
    Case(
      "softplus", within: 4, on: -30...30, PortableMath.softplus,
      { $0 > 0 ? $0 + Foundation.log1p(Foundation.exp(-$0)) : Foundation.log1p(Foundation.exp($0)) }
    ),
  ]

  @Test(arguments: cases)
  func staysWithinItsBound(_ item: Case) {
    var worst = 0.0
    let steps = 40_000
    let span = item.range.upperBound - item.range.lowerBound
    for step in 0...steps {
      let x = item.range.lowerBound + span * (Double(step) / Double(steps))
      let expected = item.platform(x)
      let distance = abs(item.ours(x) - expected)
      // The platform may be off by one.
      worst = max(worst, distance / max(expected.ulp, .leastNonzeroMagnitude))
      #expect(
        item.ours(x) == expected || distance <= (item.ulps + 1) * expected.ulp
          || item.ours(x).isNaN && expected.isNaN, "at \(x): \(item.ours(x)), not \(expected)")
    }
    print("\(item.testDescription): at most \(worst) ulp from the platform")
  }

  @Test func powersStayWithinTheirBound() {
    var worst = 0.0
    for i in 1...600 {
      let x = Double(i) / 37
      for j in -300...300 {
        let y = Double(j) / 7.3
        let expected = Foundation.pow(x, y)
        let ours = PortableMath.pow(x, y)
        worst = max(worst, abs(ours - expected) / expected.ulp)
        #expect(abs(ours - expected) <= 17 * expected.ulp, "\(x) to the \(y)")
      }
    }
    print("pow: at most \(worst) ulp from the platform")
  }

  @Test func powersHaveTheStandardsSpecialCases() {
    let values = [
      0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 4, 1e300, -1e300, .infinity, -.infinity, .nan,
    ]
    for x in values {
      for y in values {
        let (ours, expected) = (PortableMath.pow(x, y), Foundation.pow(x, y))
        #expect(
          ours == expected && ours.sign == expected.sign || ours.isNaN && expected.isNaN
            || abs(ours - expected) <= 16 * expected.ulp, "\(x) to the \(y): \(ours), \(expected)")
      }
    }
  }

  @Test func infinitiesAndNaNDoNotStopAnything() {
    for f in Self.cases.map(\.ours) {
      for x in [Double.nan, .infinity, -.infinity] { _ = f(x) }
      #expect(f(.nan).isNaN)
    }
    #expect(PortableMath.sin(.infinity).isNaN && PortableMath.tanh(.infinity) == 1)
    #expect(PortableMath.atan(.infinity) == .pi / 2 && PortableMath.erf(-.infinity) == -1)
    #expect(PortableMath.sinh(-.infinity) == -.infinity && PortableMath.cosh(-720) == .infinity)
  }
}

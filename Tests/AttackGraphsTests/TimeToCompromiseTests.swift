import AttackGraphs
import Testing
import ThreatLanguage

@Suite("Times to compromise as probabilities within a horizon")
struct TimeToCompromiseTests {
  /// Expected values by numeric integration and by Python's `math`, to ten digits and more.
  static let cases: [(TTCExpression, horizon: Double, probability: Double)] = [
    (.distribution("Exponential", [0.1]), 10, 0.6321205588285577),
    (.distribution("HardAndCertain", []), 10, 0.6321205588285577),
    (.distribution("HardAndUncertain", []), 10, 0.31606027941427883),
    (.distribution("EasyAndUncertain", []), 0, 0.5),
    (.distribution("Zero", []), 0, 1), (.distribution("Infinity", []), 1e300, 0),
    (.distribution("Infinity", []), .infinity, 0),
    (.distribution("Gamma", [2.5, 3]), 10, 0.7533658478),
    (.distribution("Gamma", [7, 0.5]), 10, 0.99974487750414),
    (.distribution("LogNormal", [1, 0.5]), 4, 0.780117089512224),
    (.distribution("TruncatedNormal", [5, 2]), 6, 0.6895345748888481),
    (.distribution("TruncatedNormal", [-3, 1]), 0.5, 0.8276691471617236),
    (.distribution("Pareto", [2, 1.5]), 10, 0.9105572809000084),
    (.distribution("Pareto", [2, 1.5]), 2, 0),
    (.distribution("Uniform", [2, 4]), 3.5, 0.75), (.distribution("Uniform", [2, 2]), 2, 1),
    (.distribution("Binomial", [10, 0.3]), 4.5, 0.8497316673999995),
    (.distribution("Binomial", [10, 0.3]), 10, 1),
    (
      .product(.distribution("Bernoulli", [0.5]), .distribution("Exponential", [0.1])), 10,
      0.31606027941427883
    ),
    (.sum(.distribution("Exponential", [0.1]), .number(5)), 15, 0.6321205588285577),
    (.sum(.distribution("Exponential", [0.1]), .number(5)), 4, 0),
    (.product(.number(2), .distribution("Exponential", [0.1])), 20, 0.6321205588285577),
    (.quotient(.distribution("Exponential", [0.1]), .number(2)), 5, 0.6321205588285577),
    (.difference(.distribution("Exponential", [0.1]), .number(3)), 7, 0.6321205588285577),
    (.power(.distribution("Exponential", [0.1]), .number(2)), 100, 0.6321205588285577),
    (
      .sum(.distribution("Exponential", [0.1]), .distribution("Exponential", [0.3])), 10,
      0.47307437242676853
    ),
    (
      .sum(.distribution("Exponential", [0.1]), .distribution("Exponential", [0.1])), 10,
      0.26424111765711533
    ),
    (
      .sum(.distribution("Exponential", [0.1]), .distribution("Exponential", [0.1000000001])), 10,
      0.2642411177
    ),
    (
      .product(.distribution("LogNormal", [0.4, 0.3]), .distribution("LogNormal", [0.6, 0.4])), 4,
      0.780117089512224
    ),
    (.sum(.number(1), .product(.number(2), .number(3))), 7, 1),
    (.power(.number(2), .number(3)), 7.9, 0),
  ]

  @Test(arguments: cases.indices)
  func closedForms(index: Int) throws {
    let (expression, horizon, expected) = Self.cases[index]
    let probability = try expression.probability(within: horizon)
    #expect(abs(probability - expected) < 2e-10, "\(expression) ≤ \(horizon): \(probability)")
  }

  @Test(arguments: [
    TTCExpression.product(.distribution("Gamma", [1, 2]), .distribution("Pareto", [1, 2])),
    .sum(.distribution("Uniform", [0, 1]), .distribution("Exponential", [1])),
    .difference(.number(1), .distribution("Exponential", [1])),
    .quotient(.number(1), .distribution("Exponential", [1])),
    .power(.number(2), .distribution("Exponential", [1])),
    .difference(.distribution("Infinity", []), .distribution("Infinity", [])),
    .distribution("Unheard", []), .distribution("Gamma", [1]), .distribution("Enabled", []),
  ])
  func everythingElseIsRefused(expression: TTCExpression) {
    #expect(throws: UnsupportedTTC.self) { try expression.probability(within: 1) }
  }

  @Test func probabilitiesGrowWithTheHorizon() throws {
    for (expression, _, _) in Self.cases {
      var last = 0.0
      for step in 0...400 {
        let value = try expression.probability(within: Double(step) * 0.25)
        #expect(value >= last - 1e-13 && value <= 1, "\(expression) at \(Double(step) * 0.25)")
        last = value
      }
    }
  }
}

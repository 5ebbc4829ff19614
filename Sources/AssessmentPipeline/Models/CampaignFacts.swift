public import AdversarialTesting
public import EngineSupport
import Provenance

/// A campaign as the facts of its ledger record: enough to run it again and to compare every figure.
enum CampaignFacts {
  static func facts(
    of result: CampaignResult, plan: TestPlan, unit: String
  ) -> [(String, JSONValue?)] {
    let samples = CanonicalJSON.bytes(of: .array(result.samples.map(SampleJSON.value)))
    return [
      ("attack", .string(result.attack)),
      (
        "parameters",
        .object(result.parameters.map { ($0.name, .string($0.value)) })
      ),
      ("seed", .string(String(result.seed))), ("unit", .string(unit)),
      ("reason", .string(plan.reason)), ("chosen", .string(DecimalText.exact(plan.chosen))),
      ("budgets", .array(result.budgets.map(budget))),
      ("samples", .integer(result.samples.count)), ("cleanErrors", .integer(result.cleanErrors)),
      ("samplesSha256", .string(ContentDigest(of: samples).hexadecimal)),
      (
        "queries",
        [
          "forward": .integer(result.spentByAttack.forward),
          "backward": .integer(result.spentByAttack.backward),
          "double": .integer(result.spentByAttack.double),
        ]
      ),
      (
        "checks",
        .array(
          result.checks.map {
            .strings([$0.identifier.rawValue, $0.outcome.rawValue, $0.detail])
          })
      ),
      ("verdict", .string(result.verdict.rawValue)),
    ]
  }

  private static func budget(_ budget: BudgetResult) -> JSONValue {
    [
      "budget": .string(DecimalText.exact(budget.budget)), "trials": .integer(budget.trials),
      "successes": .integer(budget.successes),
      "lower": .string(DecimalText.exact(budget.interval.lower)),
      "upper": .string(DecimalText.exact(budget.interval.upper)),
    ]
  }
}

/// One sample of a campaign as data: a line of the test records, and what the run's digest covers.
public enum SampleJSON {
  public static func value(_ sample: SampleRecord) -> JSONValue {
    let example = sample.example
    let outcome =
      switch sample.outcome {
      case .cleanError: "clean-error"
      case .withstood: "withstood"
      case .broken: "broken"
      }
    return .object([
      ("index", .integer(sample.index)), ("label", .integer(sample.label)),
      ("cleanPrediction", .integer(sample.cleanPrediction)),
      ("cleanMargin", .string(sample.cleanMargin.description)), ("outcome", .string(outcome)),
      ("budget", example.map { .string(DecimalText.exact($0.budget)) }),
      ("prediction", example.map { .integer($0.prediction) }),
      ("margin", example.map { .string(DecimalText.exact($0.margin)) }),
      ("distance", example.map { .string(DecimalText.exact($0.distance)) }),
      ("reading", example.map { .strings($0.reading.map(\.description)) }),
    ])
  }
}

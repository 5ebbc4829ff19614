import AdversarialTesting
import EngineSupport
import ModelTesting
import Provenance
import TensorCore

/// A campaign as the facts of its ledger record: enough to run it again and to compare every figure.
enum CampaignFacts {
  static func facts(
    of demonstration: Demonstration, in run: ModelTestResult
  ) -> [(String, JSONValue?)] {
    let result = demonstration.campaign
    let samples = CanonicalJSON.bytes(of: .array(result.samples.map(SampleJSON.value)))
    return [
      ("planSha256", .string(run.digest.hexadecimal)), ("profile", .string(run.profile.rawValue)),
      ("attack", .string(result.attack)),
      (
        "parameters",
        .object(result.parameters.map { ($0.name, .string($0.value)) })
      ),
      ("seed", .string(String(result.seed))), ("unit", .string(demonstration.unit)),
      ("reason", .string(demonstration.reason)),
      ("chosen", .string(DecimalText.exact(demonstration.chosen))),
      ("budgets", .array(result.budgets.map(budget))),
      (
        "unconstrained",
        demonstration.attacker?.unconstrained.map { .array($0.budgets.map(budget)) }
      ),
      ("acceptance", (demonstration.attacker?.acceptance).map { .string($0.rawValue) }),
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

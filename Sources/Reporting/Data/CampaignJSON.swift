import AdversarialTesting
import EngineSupport
import TensorCore

/// A campaign as data: attack, parameters, budgets, effort, self-checks, verdict.
enum CampaignJSON {
  static func value(_ result: CampaignResult) -> JSONValue { .object(members(of: result)) }

  static func members(of result: CampaignResult) -> [(String, JSONValue?)] {
    [
      ("attack", .string(result.attack)), ("seed", .string(String(result.seed))),
      (
        "parameters",
        .array(
          result.parameters.map {
            .object([("name", .string($0.name)), ("value", .string($0.value))])
          })
      ),
      ("budgets", .array(result.budgets.map(budget))), ("samples", samples(result)),
      ("queries", queries(result)),
      ("rejected", .integer(result.rejected.count)),
      ("checks", .array(result.checks.map(check))), ("verdict", .string(result.verdict.rawValue)),
    ]
  }

  private static func budget(_ row: BudgetResult) -> JSONValue {
    .object([
      ("budget", JSONTerms.decimal(row.budget)), ("trials", .integer(row.trials)),
      ("successes", .integer(row.successes)), ("found", .integer(row.found)),
      ("rate", JSONTerms.decimal(row.rate)), ("lower", JSONTerms.decimal(row.interval.lower)),
      ("upper", JSONTerms.decimal(row.interval.upper)),
      ("brokenBySingleStep", row.brokenBySingleStep.map { .integer($0) }),
      ("brokenByNoiseOnly", row.brokenByNoiseOnly.map { .integer($0) }),
    ])
  }

  private static func samples(_ result: CampaignResult) -> JSONValue {
    .object([
      ("total", .integer(result.samples.count)), ("cleanErrors", .integer(result.cleanErrors)),
      ("cleanErrorLower", JSONTerms.decimal(result.cleanErrorInterval.lower)),
      ("cleanErrorUpper", JSONTerms.decimal(result.cleanErrorInterval.upper)),
      ("trials", .integer(result.samples.count { $0.isTrial })),
      ("broken", .integer(result.samples.count { $0.example != nil })),
    ])
  }

  private static func queries(_ result: CampaignResult) -> JSONValue {
    let attack = result.spentByAttack
    let controls = result.spentByControls
    return .object([
      ("attackForward", .integer(attack.forward)), ("attackBackward", .integer(attack.backward)),
      ("attackDouble", .integer(attack.double)),
      ("controlsForward", .integer(controls.forward)),
      ("controlsBackward", .integer(controls.backward)),
      ("controlsDouble", .integer(controls.double)),
    ])
  }

  private static func check(_ check: SelfCheck) -> JSONValue {
    .object([
      ("id", .string(check.identifier.rawValue)),
      ("title", .string(Wording.title(of: check.identifier))),
      ("outcome", .string(check.outcome.rawValue)), ("detail", .string(check.detail)),
    ])
  }
}

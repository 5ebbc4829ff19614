import AdversarialTesting
import EngineSupport
import ModelTesting
import TensorCore

/// What a run of a test plan showed, as data: attackers, faults, corruptions, brackets.
enum TestRunJSON {
  static func value(_ result: ModelTestResult) -> JSONValue {
    .object([
      ("planSha256", .string(result.digest.hexadecimal)),
      ("profile", .string(result.profile.rawValue)), ("seed", .string(String(result.seed))),
      ("samples", .integer(result.rows.count)),
      ("attackers", .array(result.attackers.map(attacker))),
      ("noise", result.noise.map(CampaignJSON.value)),
      ("faults", .array(result.faults.map(survival))),
      ("corruptions", .array(result.corruptions.map(survival))),
      ("brackets", result.brackets.map(brackets)), ("notTested", .strings(result.notTested)),
    ])
  }

  private static func attacker(_ attacker: AttackerResult) -> JSONValue {
    .object([
      ("front", .string(attacker.attacker.front.rawValue)), ("unit", .string(attacker.unit)),
      ("chosenBudget", JSONTerms.decimal(attacker.attacker.chosen)),
      ("reason", .string(attacker.attacker.reason)),
      ("result", CampaignJSON.value(attacker.result)),
      ("campaigns", .array(attacker.campaigns.map(CampaignJSON.value))),
      ("withoutLaws", attacker.unconstrained.map(CampaignJSON.value)),
      ("acceptance", attacker.acceptance.map { .string($0.rawValue) }),
    ])
  }

  private static func survival(_ row: SurvivalRow) -> JSONValue {
    .object([
      ("disturbance", .string(row.disturbance)), ("place", .string(row.place)),
      ("severity", .integer(row.severity)), ("meaning", .string(row.meaning)),
      ("trials", .integer(row.trials)), ("kept", .integer(row.kept)),
      ("lower", JSONTerms.decimal(row.interval.lower)),
      ("upper", JSONTerms.decimal(row.interval.upper)), ("missed", .integer(row.missed)),
      ("falseAlarms", .integer(row.falseAlarms)),
    ])
  }

  private static func brackets(_ table: BracketTable) -> JSONValue {
    .object([
      ("front", .string(table.front.rawValue)), ("unit", .string(table.unit)),
      ("samples", .array(table.brackets.map(\.json))),
      (
        "budgets",
        .array(
          table.budgets.map { row in
            let claim = row.claim
            return .object([
              ("budget", JSONTerms.decimal(row.budget)), ("samples", .integer(row.samples)),
              ("certified", .integer(row.certified)), ("unbroken", .integer(row.unbroken)),
              ("certifiedLower", JSONTerms.decimal(claim.lower)),
              ("attackedUpper", JSONTerms.decimal(claim.upper)),
            ])
          })
      ),
    ])
  }
}

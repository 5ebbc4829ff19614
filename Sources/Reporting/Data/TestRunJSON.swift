import AdversarialTesting
import EngineSupport
import ModelTesting
import TensorCore

/// What a run of a test plan showed, as data: attackers, streams, faults, corruptions, brackets.
enum TestRunJSON {
  static func value(_ result: ModelTestResult) -> JSONValue {
    .object([
      ("planSha256", .string(result.digest.hexadecimal)),
      ("profile", .string(result.profile.rawValue)), ("seed", .string(String(result.seed))),
      ("sampling", result.resolved["sampling"]), ("samples", .integer(result.rows.count)),
      ("rows", .array(result.rows.map { .integer($0) })),
      ("cleanError", result.cleanError.map(cleanError)),
      ("attackers", .array(result.attackers.map(attacker))),
      ("streams", result.streams.map { streams($0, of: result.plan) }),
      ("noise", result.noise.map(CampaignJSON.value)),
      ("faults", .array(result.faults.map(survival))),
      ("corruptions", .array(result.corruptions.map(survival))),
      ("brackets", result.brackets.map(brackets)),
      (
        "faultCertificates",
        .array(result.faultCertificates.map { CertificateJSON.value($0, of: result.plan) })
      ),
      (
        "properties",
        .array(result.properties.map { CertificateJSON.value($0, of: result.plan) })
      ),
      (
        "smoothing",
        .array(result.smoothing.map { CertificateJSON.value($0, of: result.plan) })
      ), ("notTested", .strings(result.notTested)),
    ])
  }

  private static func cleanError(_ error: RegressionError) -> JSONValue {
    .object([
      ("samples", .integer(error.samples)),
      ("meanAbsolute", JSONTerms.decimal(error.meanAbsolute)),
      ("largest", JSONTerms.decimal(error.largest)), ("row", .integer(error.row)),
      ("unit", .string(error.unit)),
    ])
  }

  private static func streams(_ streams: StreamResult, of plan: TestPlan) -> JSONValue {
    .object([
      ("rows", .array(streams.rows.map { .integer($0) })), ("instants", .integer(streams.length)),
      ("windows", .integer(streams.windows)), ("step", .integer(streams.test.step)),
      ("onset", .integer(streams.test.onset)), ("wrongWhen", .string(streams.test.rule.rawValue)),
      ("claim", .string(plan.claim(of: streams.test))), ("reason", .string(streams.test.reason)),
      ("attackers", .array(streams.attackers.map(attacker))),
    ])
  }

  private static func attacker(_ attacker: AttackerResult) -> JSONValue {
    .object([
      ("front", .string(attacker.attacker.front.rawValue)), ("unit", .string(attacker.unit)),
      ("chosenBudget", JSONTerms.decimal(attacker.attacker.chosen)),
      ("knowledge", .string(attacker.attacker.knowledge.rawValue)),
      ("norm", .string(attacker.attacker.norm.rawValue)),
      ("writes", .array(attacker.attacker.writes.map { .integer($0) })),
      ("obeysLaws", .bool(attacker.attacker.obeysLaws)),
      ("reason", .string(attacker.attacker.reason)),
      ("result", CampaignJSON.value(attacker.result)),
      ("campaigns", .array(attacker.campaigns.map(CampaignJSON.value))),
      ("withoutLaws", attacker.unconstrained.map(CampaignJSON.value)),
      ("acceptance", attacker.acceptance.map { .string($0.rawValue) }),
      (
        "acceptableRate",
        (attacker.attacker.acceptance?.largestRate).map(JSONTerms.decimal)
      ),
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

  private static func brackets(_ result: BracketResult) -> JSONValue {
    .object([
      ("front", .string(result.front.rawValue)), ("unit", .string(result.unit)),
      (
        "samples",
        .array(
          result.summary.brackets.map { bracket in
            .object([
              ("index", .integer(bracket.index)),
              ("certified", JSONTerms.decimal(bracket.certified)),
              ("method", bracket.method.map { .string($0.rawValue) }),
              ("found", bracket.found.map(JSONTerms.decimal)),
              ("attack", bracket.attack.map { .string($0) }),
              ("exact", .bool(bracket.isExact)),
            ])
          })
      ),
      (
        "budgets",
        .array(
          result.summary.rows.map { row in
            .object([
              ("budget", JSONTerms.decimal(row.budget)), ("samples", .integer(row.samples)),
              ("certified", .integer(row.certified)), ("withstood", .integer(row.withstood)),
              ("lower", JSONTerms.decimal(row.limits.lowerBound)),
              ("upper", JSONTerms.decimal(row.limits.upperBound)), ("text", .string(row.text)),
            ])
          })
      ),
    ])
  }
}

import AdversarialTesting
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import TensorCore
import ThreatKnowledge

/// A model as data: facts of its file, tests with every budget, self-checks, and what is known of its origin.
enum ModelJSON {
  static func value(_ model: ModelAssessment) -> JSONValue {
    .object([
      ("id", .string(model.id)), ("asset", .string(model.asset)),
      ("file", .string(model.file.name)), ("sha256", .string(model.file.digest.hexadecimal)),
      ("evaluation", model.evaluation.map { .string($0.name) }),
      ("facts", facts(model.facts)),
      ("tests", .array(model.tests.map { test($0, of: model) })),
      ("notTested", .strings(model.notTested)), ("lineage", .array(model.lineage.map(lineage))),
    ])
  }

  private static func facts(_ facts: ModelAssessment.Facts) -> JSONValue {
    .object([
      ("producer", .string(facts.producer)), ("opset", .integer(facts.opset)),
      ("irVersion", .integer(facts.irVersion)), ("inputName", .string(facts.inputName)),
      ("inputShape", .array(facts.inputShape.map { .integer($0) })),
      ("outputName", .string(facts.outputName)), ("classes", .integer(facts.classCount)),
      ("parameters", .integer(facts.parameters)),
      ("multiplyAdds", .integer(facts.multiplyAdds)),
      (
        "operators",
        .array(
          facts.operators.map {
            .object([("name", .string($0.name)), ("count", .integer($0.count))])
          })
      ),
    ])
  }

  private static func test(_ test: ModelTest, of model: ModelAssessment) -> JSONValue {
    let result = test.result
    return .object([
      ("id", .string(test.id)), ("step", .string(test.step.rawValue)),
      ("title", .string(test.title)), ("unit", .string(test.unit)),
      ("reason", .string(test.reason)), ("chosenBudget", JSONTerms.decimal(test.chosenBudget)),
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
      (
        "measured",
        test.measurement.map {
          .object([
            ("rate", JSONTerms.decimal($0.rate)), ("lower", JSONTerms.decimal($0.lower)),
            ("upper", JSONTerms.decimal($0.upper)), ("step", .string($0.step)),
          ])
        }
      ),
      ("record", .string(test.record.hexadecimal)),
      ("records", .string(TestRecordReporter.fileName(of: test, model: model))),
    ])
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

  private static func lineage(_ statement: LineageStatement) -> JSONValue {
    .object([
      ("subject", .string(statement.subject)), ("field", .string(statement.field)),
      ("value", .string(statement.value)), ("status", .string(statement.status.rawValue)),
      ("location", statement.location.map(JSONTerms.location)),
    ])
  }
}

import AdversarialTesting
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ModelTesting
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
      ("run", model.run.map(TestRunJSON.value)),
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
    .object(
      [
        ("id", .string(test.id)), ("step", .string(test.step.rawValue)),
        ("overStreams", test.isOverStreams ? .bool(true) : nil),
        ("title", .string(test.title)), ("unit", .string(test.unit)),
        ("reason", .string(test.reason)), ("chosenBudget", JSONTerms.decimal(test.chosenBudget)),
        ("withoutLaws", (test.attacker?.unconstrained).map(CampaignJSON.value)),
        ("acceptance", (test.attacker?.acceptance).map { .string($0.rawValue) }),
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
      ] + CampaignJSON.members(of: test.result))
  }

  private static func lineage(_ statement: LineageStatement) -> JSONValue {
    .object([
      ("subject", .string(statement.subject)), ("field", .string(statement.field)),
      ("value", .string(statement.value)), ("status", .string(statement.status.rawValue)),
      ("location", statement.location.map(JSONTerms.location)),
    ])
  }
}

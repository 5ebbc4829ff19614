import EngineSupport
import ModelTesting

/// The properties of a run as the facts of their ledger record.
enum PropertyFacts {
  static func name(of model: String) -> String { "\(model)/properties" }

  /// `nil` where the plan has none.
  static func facts(of run: ModelTestResult) -> [(String, JSONValue?)]? {
    guard !run.properties.isEmpty else { return nil }
    return [
      ("planSha256", .string(run.digest.hexadecimal)), ("profile", .string(run.profile.rawValue)),
      ("properties", .array(run.properties.map { value($0, in: run.plan) })),
    ]
  }

  private static func value(_ property: PropertyResult, in plan: TestPlan) -> JSONValue {
    .object([
      ("name", .string(property.test.name)), ("claim", .string(plan.claim(of: property.test))),
      ("where", .string(plan.place(of: property.test))),
      ("reason", .string(property.test.reason)), ("verdict", .string(property.verdict.rawValue)),
      ("openShare", .string(DecimalText.exact(property.openShare))),
      ("limitation", property.limitation.map { .string($0) }),
      ("readings", property.counterexample.map { rows($0.readings) }),
      ("outputs", property.counterexample.map { rows($0.outputs) }),
    ])
  }

  private static func rows(_ rows: [[Float]]) -> JSONValue {
    .array(rows.map { .strings($0.map(\.description)) })
  }
}

import AdversarialTesting
import EngineSupport
import ModelTesting
import TensorCore

/// Certificates beside radii, as data: families of sensor faults, properties over boxes,
/// smoothed classifiers.
enum CertificateJSON {
  static func value(_ result: FaultCertificateResult, of plan: TestPlan) -> JSONValue {
    .object([
      ("front", (result.test.front).map { .string($0.rawValue) }),
      ("channels", .array(result.test.channels.map { .integer($0) })),
      ("onset", .integer(result.test.onset)),
      (
        "parameters",
        .array(
          result.test.parameters.map {
            .object([
              ("kind", .string($0.kind.rawValue)), ("least", JSONTerms.decimal($0.least)),
              ("most", JSONTerms.decimal($0.most)),
              ("unit", .string(plan.unit(of: $0.kind, in: result.test))),
            ])
          })
      ),
      ("reason", .string(result.test.reason)), ("trials", .integer(result.trials)),
      ("proved", .integer(result.proved)), ("refuted", .integer(result.refuted)),
      ("unknown", .integer(result.unknown)),
      ("lower", JSONTerms.decimal(result.provedInterval.lower)),
      ("upper", JSONTerms.decimal(result.unrefutedInterval.upper)),
      ("samples", .array(result.rows.map(\.json))),
    ])
  }

  static func value(_ result: PropertyResult, of plan: TestPlan) -> JSONValue {
    .object([
      ("name", .string(result.test.name)), ("claim", .string(plan.claim(of: result.test))),
      ("where", .string(plan.place(of: result.test))), ("reason", .string(result.test.reason)),
      ("verdict", .string(result.verdict.rawValue)),
      ("openShare", JSONTerms.decimal(result.openShare)),
      ("limitation", result.limitation.map { .string($0) }),
      (
        "counterexample",
        result.counterexample.map {
          ["readings": rows($0.readings), "outputs": rows($0.outputs)]
        }
      ),
    ])
  }

  static func value(_ result: SmoothingResult, of plan: TestPlan) -> JSONValue {
    .object([
      ("deviation", JSONTerms.decimal(result.deviation)),
      ("unit", .string(plan.input.channels.first?.unit ?? "")),
      ("selectionDraws", .integer(result.selectionDraws)), ("draws", .integer(result.draws)),
      ("errorRate", JSONTerms.decimal(result.errorRate)),
      ("greatestRadius", JSONTerms.decimal(result.greatestRadius)),
      ("reason", .string(plan.smoothing?.reason ?? "")),
      ("abstentions", .integer(result.abstentions)),
      ("samples", .array(result.rows.map(\.json))),
      (
        "radii",
        .array(
          result.accuracy.map { row in
            .object([
              ("radius", JSONTerms.decimal(row.radius)), ("samples", .integer(row.samples)),
              ("certified", .integer(row.certified)),
              ("lower", JSONTerms.decimal(row.interval.lower)),
              ("upper", JSONTerms.decimal(row.interval.upper)),
            ])
          })
      ),
    ])
  }

  private static func rows(_ rows: [[Float]]) -> JSONValue {
    .array(rows.map { .strings($0.map(\.description)) })
  }
}

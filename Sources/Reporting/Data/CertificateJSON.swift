import AdversarialTesting
import EngineSupport
import ModelTesting
import TensorCore

/// Certificates beside radii, as data: families of sensor faults.
enum CertificateJSON {
  static func value(_ result: FaultCertificateResult, of plan: TestPlan) -> JSONValue {
    .object([
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
}

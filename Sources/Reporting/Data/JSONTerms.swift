import ArchitectureModel
import EngineSupport

/// The pieces that stand in many places of `threat-model.json`.
enum JSONTerms {
  /// A number that may have a fraction: the shortest decimal text that reads back as the same number.
  static func decimal(_ value: Double) -> JSONValue { .string(DecimalText.exact(value)) }

  static func location(_ location: SourceLocation) -> JSONValue {
    .object([
      ("document", .string(location.document)), ("line", location.line.map { .integer($0) }),
      ("column", location.column.map { .integer($0) }),
      ("path", location.path.map { .string($0) }),
    ])
  }

  static func cell(_ reference: DrawnReference) -> JSONValue {
    .object([
      ("document", .string(reference.document)), ("page", .string(reference.id.page)),
      ("cell", .string(reference.id.cell)),
      ("line", reference.location.line.map { .integer($0) }),
    ])
  }

  static func diagnostic(_ diagnostic: Diagnostic) -> JSONValue {
    .object([
      ("severity", .string(diagnostic.severity.rawValue)), ("code", .string(diagnostic.code.name)),
      ("message", .string(diagnostic.message)), ("location", diagnostic.location.map(location)),
      ("hint", diagnostic.hint.map { .string($0) }),
    ])
  }
}

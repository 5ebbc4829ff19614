import AssessmentPipeline
import EngineSupport
import ThreatKnowledge

/// The catalogues of an assessment as data: version, digest, origin, licence.
enum KnowledgeJSON {
  static func value(_ result: AssessmentResult) -> JSONValue {
    .array(
      CatalogueUse.all(in: result).map { use in
        let catalogue = use.catalogue
        var file: String?
        if case .imported(let name) = catalogue.origin { file = name }
        return .object([
          ("id", .string(catalogue.id)), ("title", .string(catalogue.title)),
          ("version", .string(catalogue.version)),
          ("sha256", .string(catalogue.digest.hexadecimal)),
          ("origin", .string(file == nil ? "bundled" : "imported")),
          ("file", file.map { .string($0) }), ("entries", .integer(catalogue.entries.count)),
          ("citedEntries", .integer(use.citedEntries)), ("source", .string(catalogue.source)),
          ("licence", .string(catalogue.licence)),
        ])
      })
  }
}

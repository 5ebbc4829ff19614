public import EngineSupport

/// Imports a catalogue in this program's own form, such as a licensed copy of a standard that a team keeps.
public struct OwnFormImporter: CatalogueImporter {
  public static let title = "JSON with \"format\": 1, as the bundled catalogues have it"

  public static func recognizes(_ document: InputDocument) -> Bool {
    document.startsAsObject && document.head(contains: "\"format\"")
      && !STIXImporter.recognizes(document)
  }

  public init() {}

  public func catalogue(
    in document: InputDocument, digest: ContentDigest, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> KnowledgeCatalogue {
    try KnowledgeCatalogue(reading: document, digest: digest, origin: .imported(document.name))
  }
}

public import EngineSupport

/// Reads one published form of a catalogue: bytes in, a catalogue out.
///
/// A new form is one file and one line in `CatalogueImporters.all`.
public protocol CatalogueImporter: Sendable {
  /// What people call the form.
  static var title: String { get }
  /// A cheap look at the bytes; at most one importer recognises a document.
  static func recognizes(_ document: InputDocument) -> Bool
  init()
  /// The catalogue in `document`; what had to be left out goes to `diagnostics`.
  ///
  /// - Parameter digest: SHA-256 of the document's bytes.
  func catalogue(
    in document: InputDocument, digest: ContentDigest, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> KnowledgeCatalogue
}

/// The forms of catalogues that can be imported.
public enum CatalogueImporters {
  /// Sorted by type name.
  public static let all: [any CatalogueImporter.Type] = [
    ATLASImporter.self, OwnFormImporter.self, STIXImporter.self,
  ]

  /// Reads `document` with the importer that recognises it.
  public static func catalogue(
    in document: InputDocument, digest: ContentDigest, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> KnowledgeCatalogue {
    guard document.bytes.count <= CatalogueLimits.fileBytes else {
      throw Diagnostic(
        "knowledge.import.too-large",
        "a catalogue over \(CatalogueLimits.fileBytes >> 20) MiB is not read",
        at: SourceLocation(document: document.name))
    }
    guard let importer = all.first(where: { $0.recognizes(document) }) else {
      throw Diagnostic(
        "knowledge.import.unrecognised", "this is no catalogue that can be imported",
        at: SourceLocation(document: document.name),
        hint: "known: " + all.map { $0.title }.joined(separator: "; "))
    }
    return try importer.init().catalogue(
      in: document, digest: digest, reportingTo: &diagnostics)
  }
}

extension InputDocument {
  /// Whether the first value of the document is a JSON object.
  var startsAsObject: Bool {
    bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
  }

  /// Whether `text` stands in the first 4 KiB.
  func head(contains text: StaticString) -> Bool {
    let wanted = Array(text.description.utf8)
    let head = bytes.prefix(4_096)
    guard head.count >= wanted.count else { return false }
    return (0...(head.count - wanted.count)).contains { head[$0...].starts(with: wanted) }
  }
}

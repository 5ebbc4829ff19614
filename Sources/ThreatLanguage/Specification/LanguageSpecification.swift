public import EngineSupport

/// A language as its source declares it, asset by asset, before anything is inherited: the MAL
/// language specification.
///
/// Made from MAL source or from specification JSON; `json` is what mal-toolbox 2.11 compiles the same
/// source to, or the very JSON that was read. A `CompiledLanguage` is made from it either way.
public struct LanguageSpecification: Sendable {
  /// The name of the main document.
  public let document: String
  package let declarations: [MALFile.Declaration]
  /// As read; `nil` when the source is MAL.
  private let read: JSONValue?

  init(declarations: [MALFile.Declaration], document: String) {
    self.document = document
    self.declarations = declarations
    read = nil
  }

  /// A specification that declares nothing.
  init() { self.init(declarations: [], document: "") }

  /// Parses MAL source: the first document is the main one, the others are there to be included.
  ///
  /// Reports `mal.lexical.…`, `mal.syntax.…` and `mal.include.…`; gives `nil` when one of them is an error.
  public init?(sources: [InputDocument], reportingTo diagnostics: inout Diagnostics) {
    var reading = Diagnostics()
    let declarations = MALSources.declarations(of: sources, reportingTo: &reading)
    diagnostics.report(contentsOf: reading.all)
    guard !reading.hasErrors, let main = sources.first else { return nil }
    self.init(declarations: declarations, document: main.name)
  }

  /// The names of the documents that a MAL document includes, in order, with the places that say so.
  ///
  /// What a caller reads from disk before it compiles `sources`; names are relative as the document's is.
  public static func includes(
    of document: InputDocument
  ) -> [(name: String, location: SourceLocation)] {
    MALSources.includes(of: document)
  }

  /// Whether the document begins like specification JSON: no MAL source begins with `{`.
  public static func recognizes(_ document: InputDocument) -> Bool {
    document.bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
  }

  /// Reads specification JSON, today's or the older one without detectors and model effects.
  ///
  /// Reports `mal.specification.…` and `json.malformed`; gives `nil` when one of them is an error.
  public init?(reading document: InputDocument, reportingTo diagnostics: inout Diagnostics) {
    var reading = Diagnostics()
    let result = SpecificationReader.read(document, reportingTo: &reading)
    diagnostics.report(contentsOf: reading.all)
    guard !reading.hasErrors, let result else { return nil }
    self.document = document.name
    declarations = result.declarations
    read = result.json
  }

  /// The specification as JSON, members in mal-toolbox's order.
  public var json: JSONValue { read ?? SpecificationWriter.json(of: declarations) }
}

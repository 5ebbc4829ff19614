public import EngineSupport

/// A versioned list of what somebody else has named: techniques, requirements, controls, weaknesses.
public struct KnowledgeCatalogue: Sendable {
  /// Where a catalogue comes from.
  public enum Origin: Sendable, Hashable {
    /// Built into this program.
    case bundled
    /// Read at run time from the file of this name.
    case imported(String)
  }

  /// A relation that a catalogue states between entries of other catalogues.
  public struct Link: Sendable, Hashable {
    public let source: String
    public let relation: CatalogueEntry.Relation
  }

  /// Stable name such as `attack-ics`: an imported catalogue takes the place of the bundled one of its id.
  public let id: String
  public let title: String
  public let version: String
  /// Where its facts were gathered.
  public let source: String
  /// What may be done with them, in a sentence.
  public let licence: String
  /// SHA-256 of the bytes it was read from.
  public let digest: ContentDigest
  public let origin: Origin
  /// Identifiers are unique as `key(_:)` sees them.
  public let entries: [CatalogueEntry]
  public let links: [Link]

  private let places: [String: Int]

  init(
    id: String, title: String, version: String, source: String, licence: String,
    digest: ContentDigest, origin: Origin, entries: [CatalogueEntry], links: [Link] = []
  ) {
    self.id = id
    self.title = title
    self.version = version
    self.source = source
    self.licence = licence
    self.digest = digest
    self.origin = origin
    self.entries = entries
    self.links = links
    places = Dictionary(
      entries.enumerated().map { (Self.key($1.id), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The entry called `id`, in whatever case and spacing: `t0855`, `CR 1.1 RE(1)`, `cr1.1re1`.
  public func entry(_ id: String) -> CatalogueEntry? { places[Self.key(id)].map { entries[$0] } }

  /// What two ways of writing an identifier have in common: no case, no spaces, no brackets.
  static func key(_ id: String) -> String {
    String(
      decoding: id.utf8.compactMap { byte -> UInt8? in
        switch byte {
        case 0x20, 0x09, UInt8(ascii: "("), UInt8(ascii: ")"): nil
        case 0x41...0x5A: byte | 0x20
        default: byte
        }
      }, as: UTF8.self)
  }
}

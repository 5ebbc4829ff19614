public import EngineSupport
import ZipArchives

/// `.mar` archives: a zip with the specification of a language as `langspec.json`, and pictures that say
/// nothing about threats.
public enum LanguageArchive {
  /// The member that matters.
  public static let member = "langspec.json"

  /// Whether the document begins like a zip archive.
  public static func recognizes(_ document: InputDocument) -> Bool {
    document.bytes.starts(with: [0x50, 0x4B])
  }

  /// `langspec.json` of the archive, named `archive/langspec.json`.
  ///
  /// Throws `mal.archive.malformed`, `mal.archive.limit` and `mal.archive.incomplete`.
  public static func specification(
    in document: InputDocument
  ) throws(Diagnostic) -> InputDocument {
    var found: InputDocument?
    let limits = ZipLimits(
      memberBytes: SpecificationReader.sizeLimit, totalBytes: SpecificationReader.sizeLimit,
      memberCount: 10_000)
    try ZipMembers.read(
      document, limits: limits, code: "mal.archive", where: { $0 == member },
      { (name, bytes) throws(Diagnostic) in
        guard found == nil else {
          throw Diagnostic(
            "mal.archive.malformed", "`\(member)` stands twice in the archive",
            at: SourceLocation(document: document.name, path: name))
        }
        found = InputDocument(name: document.name + "/" + name, bytes: bytes)
      })
    guard let found else {
      throw Diagnostic(
        "mal.archive.incomplete", "the archive has no `\(member)`",
        at: SourceLocation(document: document.name),
        hint: "a `.mar` archive is a zip with `\(member)` at its top")
    }
    return found
  }

  /// An archive of the language's specification; the same language gives the same bytes. `nil` where
  /// there is no memory for it.
  public static func bytes(of language: CompiledLanguage) -> [UInt8]? {
    ZipWriter.archive([(member, SpecificationText.bytes(of: language.specification))])
  }
}

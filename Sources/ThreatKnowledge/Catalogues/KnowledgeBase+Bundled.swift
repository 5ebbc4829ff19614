import CCatalogues
package import EngineSupport

extension KnowledgeBase {
  /// The catalogues that are built into this program.
  public static let bundled: KnowledgeBase = {
    do throws(Diagnostic) {
      return KnowledgeBase(try catalogues(of: bundledFiles))
    } catch {
      preconditionFailure("a bundled catalogue cannot be read: \(error)")
    }
  }()

  /// The bundled files as they lie in the repository: `SHA256SUMS`, then the catalogues in their order.
  package static var bundledFiles: [InputDocument] {
    (0..<bartizan_catalogue_file_count).map { index in
      let file = unsafe bartizan_catalogue_file_at(index)
      // The bytes are constants of the program: they are there, and stay there.
      let bytes = unsafe [UInt8](UnsafeBufferPointer(start: file.bytes, count: file.count))
      return InputDocument(name: unsafe String(cString: file.name), bytes: bytes)
    }
  }

  /// Reads catalogues with the digests that the first of `files` lists for them.
  static func catalogues(of files: [InputDocument]) throws(Diagnostic) -> [KnowledgeCatalogue] {
    guard let sums = files.first else { return [] }
    let digests = try digests(in: sums)
    var catalogues: [KnowledgeCatalogue] = []
    for file in files.dropFirst() {
      guard let digest = digests[file.name] else {
        throw Diagnostic(
          "knowledge.digest.missing", "no digest of \(file.name) is listed",
          at: SourceLocation(document: sums.name))
      }
      catalogues.append(
        try KnowledgeCatalogue(reading: file, digest: digest, origin: .bundled))
    }
    return catalogues
  }

  /// Lines as `sha256sum` writes them: 64 digits, two spaces, a name.
  static func digests(in document: InputDocument) throws(Diagnostic) -> [String: ContentDigest] {
    var digests: [String: ContentDigest] = [:]
    for (index, line) in try document.text().split(separator: "\n").enumerated() {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let digest = ContentDigest(hexadecimal: String(parts[0])) else {
        throw Diagnostic(
          "knowledge.digest.malformed", "expected a digest and a name",
          at: SourceLocation(document: document.name, line: index + 1))
      }
      digests[String(parts[1].drop { $0 == " " })] = digest
    }
    return digests
  }
}

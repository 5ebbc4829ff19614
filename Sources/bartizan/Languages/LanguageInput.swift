import AssessmentPipeline
import EngineSupport
import Foundation
import ThreatKnowledge
import ThreatLanguage

/// A threat language from a file, or the bundled one: reads it with all that it includes and compiles it.
struct LanguageInput {
  /// `nil` for the bundled language.
  let path: String?

  /// Bytes of one file, and of all files of a language.
  private static let limit = 64 << 20
  private static let fileLimit = 1_000

  /// The language with its warnings shown on standard error; throws `BadInput` with all that is wrong.
  ///
  /// - Parameter isAdvised: also show advice for the language's author; idle for who only uses it.
  func compiled(isAdvised: Bool = true) throws -> CompiledLanguage {
    var diagnostics = Diagnostics()
    let documents = try documents()
    guard
      let language = CompiledLanguage(
        reading: documents[0], including: Array(documents.dropFirst()),
        reportingTo: &diagnostics)
    else { throw BadInput(diagnostics.all) }
    Terminal.show(diagnostics.all + (isAdvised ? language.advice() : []))
    return language
  }

  /// The main document, and those it includes.
  private func documents() throws -> [InputDocument] {
    guard let path else { return IndustrialLanguage.sources }
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    var documents = [
      try FileAccess.read(path, as: url.lastPathComponent, limit: Self.limit)
    ]
    guard !LanguageArchive.recognizes(documents[0]), !LanguageSpecification.recognizes(documents[0])
    else { return documents }
    var names: Set<String> = [documents[0].name]
    var total = documents[0].bytes.count
    var next = 0
    while next < documents.count {
      for include in LanguageSpecification.includes(of: documents[next])
      where names.insert(include.name).inserted {
        guard documents.count < Self.fileLimit else {
          throw Diagnostic(
            "mal.include.too-many", "a language may have up to \(Self.fileLimit) documents",
            at: include.location)
        }
        let file = URL(fileURLWithPath: include.name, relativeTo: folder)
        let document = try FileAccess.read(
          file.path, as: include.name, limit: Self.limit - total, namedAt: include.location)
        total += document.bytes.count
        documents.append(document)
      }
      next += 1
    }
    return documents
  }
}

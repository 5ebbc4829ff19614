import EngineSupport

/// Follows `include` through the documents at hand and gives all declarations in one order.
///
/// Names are relative to the including document; each document is read once.
struct MALSources {
  private static let depthLimit = 100

  private let documents: [String: InputDocument]
  private let names: [String]
  private var seen: Set<String> = []
  /// The documents that are being read, the main one left out: every language may include that again.
  private var open: Set<String> = []
  private(set) var declarations: [MALFile.Declaration] = []

  /// All declarations, starting in the first of `sources`, included ones in the place of the `include`.
  static func declarations(
    of sources: [InputDocument], reportingTo diagnostics: inout Diagnostics
  ) -> [MALFile.Declaration] {
    guard let main = sources.first else {
      diagnostics.report(Diagnostic("mal.input.empty", "there is no language document"))
      return []
    }
    var reader = MALSources(sources)
    reader.read(main, depth: 0, reportingTo: &diagnostics)
    return reader.declarations
  }

  private init(_ sources: [InputDocument]) {
    documents = Dictionary(
      sources.map { (Self.normalized($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    names = documents.keys.sorted()
  }

  private mutating func read(
    _ document: InputDocument, depth: Int, reportingTo diagnostics: inout Diagnostics
  ) {
    seen.insert(Self.normalized(document.name))
    let file = MALParser.file(from: document, reportingTo: &diagnostics)
    for declaration in file.declarations {
      guard case .include(let include) = declaration else {
        declarations.append(declaration)
        continue
      }
      let name = Self.name(of: include, in: document)
      if open.contains(name) {
        diagnostics.report(
          Diagnostic(
            "mal.include.cycle", "`\(name)` includes itself, or a document that it is included by",
            at: include.path.location, hint: "remove this `include`"))
      }
      if seen.contains(name) { continue }
      guard let included = documents[name] else {
        diagnostics.report(
          Diagnostic(
            "mal.include.missing", "there is no document `\(name)`", at: include.path.location,
            hint: "the documents are " + names.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
              + (names.count > 12 ? " and \(names.count - 12) more" : "")))
        continue
      }
      guard depth < Self.depthLimit else {
        diagnostics.report(
          Diagnostic(
            "mal.include.too-deep", "documents include one another \(Self.depthLimit) levels deep",
            at: include.path.location))
        continue
      }
      open.insert(name)
      read(included, depth: depth + 1, reportingTo: &diagnostics)
      open.remove(name)
    }
  }

  /// The names of the documents that `document` includes, in order, with the places that say so; none
  /// where it is no MAL.
  static func includes(of document: InputDocument) -> [(name: String, location: SourceLocation)] {
    var diagnostics = Diagnostics()
    return MALParser.file(from: document, reportingTo: &diagnostics).declarations.compactMap {
      guard case .include(let include) = $0 else { return nil }
      return (name(of: include, in: document), include.path.location)
    }
  }

  private static func name(of include: IncludeSyntax, in document: InputDocument) -> String {
    if include.path.text.hasPrefix("/") { return normalized(include.path.text) }
    let folder = document.name.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return normalized((folder + [Substring(include.path.text)]).joined(separator: "/"))
  }

  /// The path without `.`, `..` and doubled `/`.
  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}

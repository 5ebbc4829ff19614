import EngineSupport
import XMLDocuments

/// Shape libraries (`mxlibrary`): a JSON list of compressed snippets. They are accounted for, not imported.
extension DrawIOFile {
  private static let reason = "shape library entry, not part of a drawing"

  mutating func readLibrary(
    _ tree: XMLTree, from origin: XMLOrigin, budget: inout ImportBudget,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    let root = tree.root
    let place = origin.location(line: root.line, column: root.column)
    let list: JSONValue
    do {
      list = try JSONParser.parse(
        InputDocument(name: place.document, bytes: Array(root.text.utf8)))
    } catch {
      var relocated = error
      let inner = error.location.map { "library text, \($0.line ?? 1):\($0.column ?? 1)" }
      relocated.location = place
      relocated.location?.path = inner
      throw relocated
    }
    guard let entries = list.elements else {
      throw Diagnostic("import.drawio.library", "the library is not a JSON list", at: place)
    }
    source.libraryEntries = entries.count
    diagnostics.report(
      Diagnostic(
        .warning, "import.drawio.library",
        "the file is a shape library of \(entries.count) entries, not a drawing; nothing is imported",
        at: place))
    let carrier =
      origin.isDecoded
      ? origin
      : XMLOrigin(
        document: place.document,
        carrier: XMLOrigin.Position(line: root.line, column: root.column))
    for (index, entry) in entries.enumerated() {
      guard let text = entry["xml"]?.string else { continue }
      let subject = "library entry \(index + 1)"
      // Old libraries hold escaped XML instead of compressed text.
      let unescaped = text.hasPrefix("&lt;") ? Self.unescaped(text) : text
      let (bytes, _) = try DrawIOTextDecoder.xml(
        in: unescaped, from: carrier, subject: subject, budget: &budget)
      let snippet = try XMLReader.tree(
        of: bytes, from: carrier, subject: subject, budget: &budget.xml)
      source.add(snippet)
      account(for: snippet, of: subject, from: carrier)
    }
  }

  private mutating func account(for snippet: XMLTree, of subject: String, from carrier: XMLOrigin) {
    for (index, element) in snippet.elements.enumerated() {
      let place = carrier.location(line: element.line, column: element.column, subject: subject)
      guard var row = ImportLedger.Row.stray(snippet, index, page: nil, at: place) else { continue }
      if row.kind == .misplacedCell { row.kind = .libraryCell }
      row.reason = Self.reason
      libraryRows.append(row)
    }
  }

  private static func unescaped(_ text: String) -> String {
    var output = ""
    var rest = text[...]
    let entities: [(String, Character)] = [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&"),
    ]
    while let first = rest.first {
      if first == "&", let entity = entities.first(where: { rest.hasPrefix($0.0) }) {
        output.append(entity.1)
        rest = rest.dropFirst(entity.0.count)
      } else {
        output.append(first)
        rest = rest.dropFirst()
      }
    }
    return output
  }
}

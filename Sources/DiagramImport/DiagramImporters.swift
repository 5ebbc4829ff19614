public import EngineSupport

/// The explicit list of importers, and the choice among them.
public enum DiagramImporters {
  /// One line an importer, sorted by type name; a registry test compares it with `Importers/`.
  public static let all: [any DiagramImporter.Type] = [
    DrawIOImporter.self
  ]

  /// Imports a document with the first importer that recognises it.
  ///
  /// Errors: `import.format.unknown`, and those of the importer.
  public static func importDiagram(
    _ document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> ImportedDiagram {
    guard let importer = all.first(where: { $0.recognizes(document) }) else {
      let known = all.map { $0.format.title }.joined(separator: ", ")
      throw Diagnostic(
        "import.format.unknown", "no importer recognises this file",
        at: SourceLocation(document: document.name, line: 1, column: 1),
        hint: "formats that can be read: \(known); of pictures, only .drawio.svg")
    }
    return try importer.init().draft(of: document, reportingTo: &diagnostics)
  }
}

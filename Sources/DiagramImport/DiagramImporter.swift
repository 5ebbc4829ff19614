public import EngineSupport

/// Reads one diagram format: bytes in, a draft and a ledger of every element of the source out.
///
/// A conforming type passes the contract suite: it recognises its own files only, every truncation ends in
/// success or a `Diagnostic`, the same bytes give the same draft, every element has a place, and the
/// ledger reconciles.
public protocol DiagramImporter: Sendable {
  static var format: DiagramFormat { get }

  /// Whether the document looks like this format; cheap, and looks only at the name and the beginning.
  static func recognizes(_ document: InputDocument) -> Bool

  init()

  /// Reads the document. What is doubtful but readable is reported; what cannot be read is thrown.
  func draft(
    of document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> ImportedDiagram
}

public import ArchitectureModel

/// What an import yields: the draft, and the account of every element of the source.
public struct ImportedDiagram: Sendable {
  public var format: DiagramFormat
  public var draft: ArchitectureDraft
  public var ledger: ImportLedger

  public init(format: DiagramFormat, draft: ArchitectureDraft, ledger: ImportLedger) {
    self.format = format
    self.draft = draft
    self.ledger = ledger
  }

  /// What does not add up between source, ledger and draft; empty for a sound import.
  public func discrepancies() -> [String] { ledger.reconcile() + ledger.reconcile(with: draft) }
}

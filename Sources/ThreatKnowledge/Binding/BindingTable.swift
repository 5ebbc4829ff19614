/// How drawn things become assets of the industrial language: a table that a reader can check.
///
/// Components in `BindingTable+Components.swift`, lines in `BindingTable+Protocols.swift`, what relates them in
/// `BindingTable+Relations.swift`. Nothing else makes an asset or a link.
public enum BindingTable {
  /// One row: what is drawn, and what it becomes.
  public struct Row: Sendable, Hashable {
    /// Stable name, cited by every asset the row makes.
    public let id: String
    public let drawn: String
    /// Asset type, or `Left <-- Association --> Right` for a relation.
    public let becomes: String
    /// What is taken for granted, in words.
    public let assumption: String?

    init(_ id: String, _ drawn: String, _ becomes: String, _ assumption: String? = nil) {
      self.id = id
      self.drawn = drawn
      self.becomes = becomes
      self.assumption = assumption
    }
  }

  public static let zoneRow = Row(
    "zone", "container of kind zone", "Zone",
    "everything drawn inside can be reached from everything else inside")
  public static let conduitRow = Row(
    "conduit",
    "line between two zones, or lines from a firewall, gateway or network device to zones",
    "Conduit",
    "traffic of any kind may pass unless boundary protection is in place")
  public static let flowRow = Row(
    "flow", "line between two components that names no known protocol", "DataFlow")
  public static let referenceFlowRow = Row(
    "flow-reference",
    "line from a reference source, or said to bring references, without a known protocol",
    "ReferenceFlow", "it carries reference values only, no readings")

  /// Every row, for the report and the manual.
  public static var rows: [Row] {
    componentRows + [zoneRow, conduitRow] + protocols.map(\.row)
      + [flowRow, referenceFlowRow, backFlowRow] + linkRows + relations.map(\.row)
  }
}

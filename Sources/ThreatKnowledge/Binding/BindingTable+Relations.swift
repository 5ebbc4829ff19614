/// What relates assets: where they are drawn, which lines join them, and lines that stand for no data at all.
extension BindingTable {
  public static let backFlowRow = Row(
    "flow-back", "line with an arrow head at both ends: the same protocol, in the other direction",
    "DataFlow",
    "content travels in both directions alike")
  public static let sendsRow = Row(
    "sends", "tail of a line", "Element <-- Sends --> DataFlow")
  public static let receivesRow = Row(
    "receives", "head of a line", "Element <-- Receives --> DataFlow")
  public static let comparesRow = Row(
    "compares", "head of a line from a reference source, or of one said to bring references",
    "Element <-- ComparesWith --> DataFlow", "it carries reference values only, no readings")
  public static let containsRow = Row(
    "contains", "component in a zone", "Zone <-- Contains --> Element")
  public static let runsRow = Row(
    "runs", "component drawn inside a device", "Node <-- Runs --> Element")
  public static let joinsRow = Row(
    "joins", "zone at the end of a conduit", "Zone <-- Joins --> Conduit")
  public static let guardsRow = Row(
    "guards", "firewall that a conduit leads through", "Firewall <-- Guards --> Conduit")

  static var linkRows: [Row] {
    [sendsRow, receivesRow, comparesRow, containsRow, runsRow, joinsRow, guardsRow]
  }

  /// A line between assets of two types, in either direction, that says how they are related.
  public struct RelationRow: Sendable, Hashable {
    public let row: Row
    public let association: String
    /// The asset types of the association's two ends; sub-types are meant too.
    public let left: String
    public let right: String
    /// The line also carries data.
    public let isFlowToo: Bool

    init(
      _ id: String, _ drawn: String, _ left: String, _ association: String, _ right: String,
      isFlowToo: Bool = false
    ) {
      row = Row(
        "relation/\(id)", drawn, "\(left) <-- \(association) --> \(right)",
        isFlowToo ? nil : "the line stands for the relation and carries no data")
      self.association = association
      self.left = left
      self.right = right
      self.isFlowToo = isFlowToo
    }
  }

  /// The first row that fits a line is taken.
  public static let relations: [RelationRow] = [
    RelationRow(
      "knows", "line between a directory service and an account", "DirectoryService", "Knows",
      "Account"),
    RelationRow(
      "opens", "line between an account and something that runs software", "Account", "Opens",
      "Node"),
    RelationRow(
      "believes", "line between a trust anchor and what checks signatures with it", "TrustAnchor",
      "Believes",
      "Element"),
    RelationRow(
      "supplies", "line between a supplier and what it delivers", "Supplier", "Supplies", "Element"),
    RelationRow(
      "plugged-into", "line between removable media and something that runs software",
      "RemovableMedia",
      "PluggedInto", "Node"),
    RelationRow(
      "loaded-from", "line between a learning model and its file", "LearningModel", "LoadedFrom",
      "ModelArtefact"),
    RelationRow(
      "watches", "line between a model monitor and a learning model", "ModelMonitor", "Watches",
      "LearningModel", isFlowToo: true),
    RelationRow(
      "protects", "line between a safety controller or protection relay and an actuator",
      "ProtectionController", "Protects", "Actuator", isFlowToo: true),
  ]
}

public import ArchitectureModel

/// How drawn things become assets of the industrial language: a table that a reader can check.
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

  /// The row for a component of `kind`; a zone becomes an asset through `zoneRow`.
  public static func row(for kind: ComponentKind) -> Row {
    switch kind {
    case .actuator: component(kind, "Actuator")
    case .application: component(kind, "Node")
    case .controlServer: component(kind, "ControlServer")
    case .dataSet: component(kind, "DataSet")
    case .embeddedDevice: component(kind, "EmbeddedDevice")
    case .gateway:
      component(kind, "Node", "a gateway forwards what it receives and checks nothing by itself")
    case .historian: component(kind, "Historian")
    case .learningModel: component(kind, "LearningModel")
    case .managementService: component(kind, "ManagementService")
    case .physicalQuantity: component(kind, "PhysicalQuantity")
    case .referenceSource: component(kind, "Node")
    case .sensor: component(kind, "Sensor")
    case .servicePort: component(kind, "ServicePort")
    case .trainingPipeline: component(kind, "TrainingPipeline")
    case .updateAgent: component(kind, "UpdateAgent")
    case .updateService: component(kind, "UpdateService")
    case .wirelessNetwork: component(kind, "WirelessNetwork")
    case .workstation: component(kind, "Workstation")
    case .zone: zoneRow
    case .unknown:
      component(kind, "Node", "nobody says what it is: treated as something that runs software")
    }
  }

  public static let zoneRow = Row(
    "zone", "container of kind zone", "Zone",
    "everything drawn inside can be reached from everything else inside")
  public static let flowRow = Row("flow", "line between two components", "DataFlow")
  public static let referenceFlowRow = Row(
    "flow-reference", "line from a reference source", "ReferenceFlow",
    "it carries reference values only, no readings")
  public static let backFlowRow = Row(
    "flow-back", "line with an arrow head at both ends", "DataFlow",
    "content travels in both directions alike")
  public static let sendsRow = Row(
    "sends", "tail of a line", "Element <-- Sends --> DataFlow")
  public static let receivesRow = Row(
    "receives", "head of a line", "Element <-- Receives --> DataFlow")
  public static let containsRow = Row(
    "contains", "component in a zone", "Zone <-- Contains --> Element")
  public static let runsRow = Row(
    "runs", "component drawn inside a device", "Node <-- Runs --> Element")

  /// Every row, for the report and the manual.
  public static var rows: [Row] {
    ComponentKind.allCases.filter { $0 != .zone }.map(row(for:)) + [
      zoneRow, flowRow, referenceFlowRow, backFlowRow, sendsRow, receivesRow, containsRow, runsRow,
    ]
  }

  private static func component(
    _ kind: ComponentKind, _ asset: String, _ assumption: String? = nil
  ) -> Row {
    Row("component/\(kind.rawValue)", "component of kind \(kind.rawValue)", asset, assumption)
  }
}

public import ArchitectureModel
public import ThreatLanguage

/// An instance model together with why each of its assets exists.
public struct BoundInstance: Sendable {
  /// What stands behind one asset.
  public struct Basis: Sendable {
    public let row: BindingTable.Row
    /// The cells it was made from.
    public let drawn: [DrawnReference]
    /// How its kind was known; `nil` for zones' ways and flows.
    public let kindBasis: KindBasis?
    /// For a flow with a protocol: where the protocol is named, such as `label "MQTT/TLS"`.
    public let namedIn: String?
  }

  /// A link with the row that made it and the line or box that shows it.
  public struct LinkBasis: Sendable {
    public let row: BindingTable.Row
    public let drawn: [DrawnReference]
  }

  public let model: InstanceModel
  /// Parallel to `model.assets`.
  public let basis: [Basis]
  /// Parallel to `model.links`.
  public let linkBasis: [LinkBasis]
  /// The asset of each component, zone, flow and conduit of the architecture. A line that only stands for a
  /// relation has no asset.
  public let assetOfComponent: [Int]
  public let assetOfZone: [Int]
  public let assetOfFlow: [Int?]
  public let assetOfConduit: [Int]
}

public import ArchitectureModel
public import ThreatLanguage

/// An instance model together with why each of its assets exists.
public struct BoundInstance: Sendable {
  /// What stands behind one asset.
  public struct Basis: Sendable {
    public let row: BindingTable.Row
    /// The cells it was made from.
    public let drawn: [DrawnReference]
    /// How its kind was known; `nil` for flows.
    public let kindBasis: KindBasis?
  }

  public let model: InstanceModel
  /// Parallel to `model.assets`.
  public let basis: [Basis]
  /// The asset of each component, zone and flow of the architecture.
  public let assetOfComponent: [Int]
  public let assetOfZone: [Int]
  public let assetOfFlow: [Int]
}

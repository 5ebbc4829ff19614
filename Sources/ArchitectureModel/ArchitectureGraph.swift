public import EngineSupport

/// The checked architecture of one product: components in zones, joined by data flows and
/// conduits; immutable.
///
/// Indices are positions in `components`, `zones`, `flows` and `conduits`; each element keeps the drawn cells behind it.
public struct ArchitectureGraph: Sendable {
  public struct Component: Sendable {
    /// The drawn label, made unique with the cell id where two boxes share it.
    public let name: String
    public let kind: ComponentKind
    public let basis: KindBasis
    /// Innermost zone.
    public let zone: Int?
    /// The component whose box this one is drawn in, such as the device around a camera.
    public let enclosure: Int?
    public let attributes: [DrawnAttribute]
    public let drawn: [DrawnReference]
  }

  public struct Zone: Sendable {
    public let name: String
    public let parent: Int?
    public let drawn: [DrawnReference]
  }

  public struct DataFlow: Sendable {
    public let name: String
    /// What the line's label says: protocol and content.
    public let label: String
    public let attributes: [DrawnAttribute]
    public let source: Int
    public let target: Int
    public let isBidirectional: Bool
    /// What the product file says of it.
    public internal(set) var declaration: FlowDeclaration?
    public let drawn: DrawnReference
  }

  /// An allowed way between zones: a line between two of them, or the lines of a device that stands between them.
  public struct Conduit: Sendable {
    public let name: String
    public let label: String
    /// Two or more, without repetition.
    public let zones: [Int]
    /// The components the way leads through.
    public let guards: [Int]
    public let drawn: [DrawnReference]
  }

  /// A drawn line that does not join two components; kept so that nobody takes it for modelled.
  public struct OpenFlow: Sendable {
    public let label: String
    public let source: Int?
    public let target: Int?
    public let drawn: DrawnReference
  }

  public let components: [Component]
  public let zones: [Zone]
  public let flows: [DataFlow]
  public let conduits: [Conduit]
  public let openFlows: [OpenFlow]

  package init(
    components: [Component], zones: [Zone], flows: [DataFlow], conduits: [Conduit],
    openFlows: [OpenFlow]
  ) {
    self.components = components
    self.zones = zones
    self.flows = flows
    self.conduits = conduits
    self.openFlows = openFlows
  }
}

/// A cell of a drawing that stands behind an element of the architecture, with the bytes evidence hashes.
public struct DrawnReference: Sendable, Hashable {
  public let document: String
  public let id: DrawnID
  public let location: SourceLocation
  /// Canonical bytes of the cell.
  public let source: [UInt8]

  package init(document: String, id: DrawnID, location: SourceLocation, source: [UInt8]) {
    self.document = document
    self.id = id
    self.location = location
    self.source = source
  }
}

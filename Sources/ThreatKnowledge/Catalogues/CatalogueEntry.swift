/// One thing that a catalogue names: a technique, a requirement, a control, a weakness.
public struct CatalogueEntry: Sendable, Hashable {
  /// What an entry is, in the words of its field.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case article
    case asset
    case attackPattern = "attack pattern"
    case campaign
    case caseStudy = "case study"
    case category
    case clause
    case componentType = "component type"
    case constraint
    case control
    case detection
    case enhancement
    case foundationalRequirement = "foundational requirement"
    case function
    case group
    case layer
    case mitigation
    case objective
    case practice
    case requirement
    case software
    case stage
    case subcategory
    case tactic
    case technique
    case test
    case threatCategory = "threat category"
    case verdict
    case weakness
  }

  /// What a reader must know before an entry is used.
  public enum Flag: String, Sendable, Hashable, CaseIterable {
    case deprecated
    /// Sources do not agree about the level.
    case disputed
    case draft
    /// A later release of the same catalogue has no such entry.
    case droppedLater = "dropped later"
    /// Asks for nothing that a component could be assessed against.
    case notAssessable = "not assessable"
    /// Stands for the requirements of the component types that it resolves to.
    case pointer
    /// Somebody says that it exists; nobody could confirm it.
    case reported
    case revoked

    /// The words printed beside an entry.
    public var label: String {
      switch self {
      case .disputed: "sources disagree about the level"
      case .droppedLater: "dropped in a later release"
      case .notAssessable: "asks nothing of a component"
      case .pointer: "stands for the rows of the component types"
      case .reported: ReportedRequirement.label
      case .deprecated, .draft, .revoked: rawValue
      }
    }
  }

  /// A named property; what names mean is said by the catalogue's page of the manual.
  public struct Attribute: Sendable, Hashable {
    public let key: String
    public let values: [String]

    public init(_ key: String, _ values: [String]) {
      self.key = key
      self.values = values
    }
  }

  /// A relation to another entry, of this catalogue or another.
  public struct Relation: Sendable, Hashable {
    public let kind: CatalogueRelationKind
    public let target: String

    public init(_ kind: CatalogueRelationKind, _ target: String) {
      self.kind = kind
      self.target = target
    }
  }

  public let id: String
  public let kind: Kind
  /// The official name; `nil` where the source gives none.
  public let name: String?
  /// What it says, in this project's words; never the text of a standard.
  public let statement: String?
  public let attributes: [Attribute]
  /// In the catalogue's order.
  public let relations: [Relation]
  public let flags: [Flag]

  public init(
    id: String, kind: Kind, name: String? = nil, statement: String? = nil,
    attributes: [Attribute] = [], relations: [Relation] = [], flags: [Flag] = []
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.statement = statement
    self.attributes = attributes
    self.relations = relations
    self.flags = flags
  }
}

extension CatalogueEntry {
  /// What it is called: its name, or else what it says, or else its identifier.
  public var title: String { name ?? statement ?? id }

  /// The values of the attribute `key`; empty when there is none.
  public func values(_ key: String) -> [String] {
    attributes.first { $0.key == key }?.values ?? []
  }

  /// Entries that this one relates to as `kind`.
  public func targets(_ kind: CatalogueRelationKind) -> [String] {
    relations.filter { $0.kind == kind }.map(\.target)
  }

  /// The lowest capability security level (IEC 62443, SL-C, 1…4) from which the requirement holds.
  public var securityLevel: Int? { values("slC").first.flatMap { Int($0) } }

  /// The component types (SAR, EDR, HDR, NDR) that a requirement of IEC 62443-4-2 is for.
  public var componentTypes: [String] { values("componentTypes") }

  /// Whether a component can be held against it: a row of IEC 62443-4-2 with a level of its own.
  public var isAssessable: Bool {
    (kind == .requirement || kind == .enhancement) && securityLevel != nil
      && !flags.contains(.pointer) && !flags.contains(.notAssessable)
  }
}

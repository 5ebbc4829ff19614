/// How one entry of a catalogue stands to another, in both directions of reading.
public enum CatalogueRelationKind: String, Sendable, Hashable, CaseIterable {
  /// It is part of, or a special case of, the other.
  case parent
  /// A technique serves this tactic.
  case tactic
  case mitigates
  /// A technique is aimed at this kind of asset.
  case targets
  case detects
  /// A campaign, group, software or case study used it.
  case uses
  /// A campaign is laid at the door of this group.
  case attributedTo
  case revokedBy
  /// An attack pattern can come before the other.
  case precedes
  /// An attack pattern makes use of this weakness.
  case exploits
  /// The catalogue names an entry of another as its counterpart.
  case refersTo
  /// A pointer stands for this requirement.
  case resolvesTo
  /// The catalogue's own author relates it to a requirement of a standard.
  case mappedTo
  /// A test of the engine tries this technique.
  case tests
  /// This project relates it; no part of any standard or catalogue.
  case proposed

  /// The relation read forward: `M0800` *mitigates* `T0800`.
  public var title: String {
    switch self {
    case .parent: "part of"
    case .tactic: "serves the tactic"
    case .attributedTo: "attributed to"
    case .revokedBy: "revoked by"
    case .refersTo: "refers to"
    case .resolvesTo: "stands for"
    case .mappedTo: "mapped by its author to"
    case .proposed: "related by this project to"
    case .mitigates, .targets, .detects, .uses, .precedes, .exploits, .tests: rawValue
    }
  }

  /// The relation read backward: `T0800` is *mitigated by* `M0800`.
  public var inverseTitle: String {
    switch self {
    case .parent: "has the part"
    case .tactic: "served by"
    case .mitigates: "mitigated by"
    case .targets: "targeted by"
    case .detects: "detected by"
    case .uses: "used by"
    case .attributedTo: "credited with"
    case .revokedBy: "replaces"
    case .precedes: "preceded by"
    case .exploits: "exploited by"
    case .refersTo: "referred to by"
    case .resolvesTo: "stood for by"
    case .mappedTo: "mapped to it"
    case .tests: "tested by"
    case .proposed: "related by this project to"
    }
  }
}

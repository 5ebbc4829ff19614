public import ArchitectureModel
public import EngineSupport

/// The account of an import: one row for each cell of the source and for each element nobody knows.
///
/// Nothing is dropped in silence: what is not in the draft has a row that says why.
public struct ImportLedger: Sendable, Hashable {
  /// What an element of the source is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case root
    case layer
    case vertex
    /// A vertex whose parent is an edge.
    case edgeLabel
    case edge
    /// A cell that is neither vertex nor edge, root nor layer.
    case plainCell
    /// A cell where draw.io has none, such as inside an element of unknown name.
    case misplacedCell
    case libraryCell
    case unknownElement
  }

  public enum Outcome: Sendable, Hashable {
    case imported
    case merged(into: DrawnID)
    case leftOut

    public var name: String {
      switch self {
      case .imported: "imported"
      case .merged: "merged"
      case .leftOut: "leftOut"
      }
    }
  }

  /// What the source itself marks a cell as, whatever the importer made of it.
  public enum Mark: String, Sendable, Hashable {
    case vertex, edge
  }

  public struct Row: Sendable, Hashable {
    /// The cell's id as in the draft, or the element's name when it has none.
    public var id: String
    /// The page's id; `nil` outside pages.
    public var page: String?
    public var location: SourceLocation
    public var kind: Kind
    public var mark: Mark?
    public var outcome: Outcome
    /// Why the element was merged or left out, or what is remarkable about its import.
    public var reason: String?
    /// For edges: how many ends name a cell that exists on the page.
    public var attachedEnds: Int?
    /// Whether other cells name this one as their parent.
    public var hasChildren: Bool

    public init(
      id: String, page: String?, location: SourceLocation, kind: Kind, mark: Mark?,
      outcome: Outcome, reason: String?, attachedEnds: Int? = nil, hasChildren: Bool = false
    ) {
      self.id = id
      self.page = page
      self.location = location
      self.kind = kind
      self.mark = mark
      self.outcome = outcome
      self.reason = reason
      self.attachedEnds = attachedEnds
      self.hasChildren = hasChildren
    }
  }

  /// Counts taken straight from the XML elements, by other code than that which writes the rows.
  public struct SourceCount: Sendable, Hashable {
    public var cells = 0
    public var markedVertices = 0
    public var markedEdges = 0
    public var unknownElements = 0
    public var pages = 0
    public var compressedPages = 0
    /// `object` and `UserObject` wrappers.
    public var objects = 0
    public var libraryEntries = 0

    public init() {}
  }

  /// In document order.
  public var rows: [Row]
  public var source: SourceCount

  public init(rows: [Row], source: SourceCount) {
    self.rows = rows
    self.source = source
  }
}

/// Totals over the rows, defined as in the table that the corpus is checked against.
extension ImportLedger {
  public struct Totals: Sendable, Hashable {
    public var imported = 0
    public var merged = 0
    public var leftOut = 0
    /// Cells marked as vertices, edge labels included.
    public var vertices = 0
    public var edges = 0
    /// Vertices whose parent is an edge.
    public var edgeLabels = 0
    /// Edges whose source and target exist on their page.
    public var edgesBothEnds = 0
    public var edgesOneEnd = 0
    public var edgesNoEnd = 0
    /// Vertices that other cells name as their parent.
    public var containers = 0
    public var layers = 0
    public var unknownElements = 0
    public var pages = 0
    public var compressedPages = 0
    public var objects = 0
    public var libraryEntries = 0
  }

  public var totals: Totals {
    var totals = Totals()
    for row in rows {
      switch row.outcome {
      case .imported: totals.imported += 1
      case .merged: totals.merged += 1
      case .leftOut: totals.leftOut += 1
      }
      switch row.kind {
      case .vertex, .edgeLabel:
        totals.vertices += 1
        if row.kind == .edgeLabel { totals.edgeLabels += 1 }
        if row.hasChildren { totals.containers += 1 }
      case .edge:
        totals.edges += 1
        switch row.attachedEnds ?? 0 {
        case 0: totals.edgesNoEnd += 1
        case 1: totals.edgesOneEnd += 1
        default: totals.edgesBothEnds += 1
        }
      case .layer: totals.layers += 1
      case .unknownElement: totals.unknownElements += 1
      case .root, .plainCell, .misplacedCell, .libraryCell: break
      }
    }
    totals.pages = source.pages
    totals.compressedPages = source.compressedPages
    totals.objects = source.objects
    totals.libraryEntries = source.libraryEntries
    return totals
  }
}

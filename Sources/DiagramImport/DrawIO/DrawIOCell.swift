import ArchitectureModel
import EngineSupport

/// One cell of a page, as read; ids are resolved to positions among the page's cells.
struct DrawIOCell: Sendable {
  var id: String
  /// The `mxCell` element.
  var element: Int
  /// The `object`, `UserObject` or other element around it, which owns id, label and custom attributes.
  var wrapper: Int?
  var mark: ImportLedger.Mark?
  var style: DrawIOStyle
  var geometry: DrawIOGeometry?
  var location: SourceLocation

  var parentID: String?
  var sourceID: String?
  var targetID: String?
  var parent: Int?
  var source: Int?
  var target: Int?
  var hasChildren = false
  /// Whether an edge of the page ends at this cell.
  var isEdgeEnd = false

  /// Raw label, before placeholders and HTML.
  var rawLabel: String
  var label = ""
  var hasPlaceholders: Bool
  var attributes: [DrawnAttribute]
  var isVisible: Bool

  var kind: ImportLedger.Kind = .plainCell
  var bounds: DrawnBounds?
  /// Filled in by the stages; every cell has one before the ledger is written.
  var outcome: ImportLedger.Outcome?
  var reason: String?

  mutating func settle(_ outcome: ImportLedger.Outcome, _ reason: String?) {
    self.outcome = outcome
    self.reason = reason
  }

  /// The outermost element of the cell: what its evidence covers.
  var outerElement: Int { wrapper ?? element }
}

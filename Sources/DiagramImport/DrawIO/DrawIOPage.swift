import EngineSupport
import XMLDocuments

/// One page of a draw.io file, decoded but not yet read: where its model stands, and under what name.
struct DrawIOPage: Sendable {
  /// Unique within the file; the tool's id when it has one.
  var id: String
  var name: String
  var isCompressed: Bool
  var tree: XMLTree
  /// The `mxGraphModel` element; `nil` for an empty page.
  var model: Int?
  /// The elements of `tree` that belong to this page.
  var elements: Range<Int>
  var origin: XMLOrigin

  var subject: String { DrawIOPage.subject(name) }

  static func subject(_ name: String) -> String { "page \"\(name)\"" }

  /// The location of an element, with its cell's id if it is a cell.
  func location(of element: Int, cell: String? = nil) -> SourceLocation {
    origin.location(
      line: tree[element].line, column: tree[element].column,
      subject: cell.map { "\(subject) cell \($0)" } ?? subject)
  }
}

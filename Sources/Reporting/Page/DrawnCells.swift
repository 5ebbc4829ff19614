import ArchitectureModel
import AssessmentPipeline
import DiagramImport
import EngineSupport

/// Where a drawn cell stands, in words: its id, its page by name, its document and line.
enum DrawnCells {
  static func line(_ cell: DrawnReference, in result: AssessmentResult) -> Markup {
    let page = result.diagrams.first { $0.draft.document == cell.document }?
      .draft.pages.first { $0.id == cell.id.page }?.name
    let isOnly = result.diagrams.count == 1
    let place =
      cell.location.line.map { isOnly ? "line \($0)" : "\(cell.document):\($0)" } ?? cell.document
    return tag(
      "div", class: "small",
      "cell ", Fragment.code(cell.id.cell), .text(", page \(page ?? cell.id.page), \(place)"))
  }
}

import ArchitectureModel
import EngineSupport

/// Resolves the ends of connectors; a loose end is reported, never attached by guess.
struct DrawIOLineEnds {
  enum End: String {
    case source, target
  }

  /// Pixels within which a loose end is said to lie near a shape.
  private static let tolerance = 10.0

  private let drafter: DrawIOPageDrafter
  private let shapes: [Int]
  private let index: RectangleIndex

  init(drafter: DrawIOPageDrafter) {
    self.drafter = drafter
    let reach = Self.tolerance
    shapes = drafter.cells.indices.filter {
      drafter.isShape($0) && !drafter.isContainer[$0] && drafter.cells[$0].bounds != nil
    }
    index = RectangleIndex(
      shapes.compactMap { drafter.cells[$0].bounds }.map {
        DrawnBounds(
          x: $0.x - reach, y: $0.y - reach, width: $0.width + 2 * reach,
          height: $0.height + 2 * reach)
      })
  }

  /// The shape at one end of the edge `position`; `nil` with a warning and a remark when there is none.
  func shape(
    at end: End, of position: Int, remarks: inout [String], budget: inout ImportBudget,
    reportingTo diagnostics: inout Diagnostics
  ) -> DrawnID? {
    let edge = drafter.cells[position]
    let name = end == .source ? edge.sourceID : edge.targetID
    let cell = end == .source ? edge.source : edge.target
    let problem: String
    var hint: String?
    if let cell {
      if drafter.isShape(cell) { return drafter.id(cell) }
      let other = drafter.cells[cell]
      problem =
        other.kind == .edge || other.kind == .edgeLabel
        ? "the \(end.rawValue) end is attached to the connector \(other.id), not to a shape"
        : "the \(end.rawValue) end is attached to \(other.id), which is not imported: "
          + (other.reason ?? "no shape")
    } else if let name {
      problem = "the \(end.rawValue) end names the cell \(name), which does not exist on this page"
    } else {
      problem = "the \(end.rawValue) end is not attached to a shape"
    }
    if cell == nil, let near = shapeNear(end, of: position, comparisons: &budget.comparisons) {
      let label = drafter.cells[near].label
      hint =
        "it lies near cell \(drafter.cells[near].id)"
        + (label.isEmpty ? "" : " \"\(label)\"") + "; attach it in the drawing if that is meant"
    }
    remarks.append(problem)
    diagnostics.report(
      Diagnostic(.warning, "import.drawio.dangling-edge", problem, at: edge.location, hint: hint))
    return nil
  }

  /// The one shape that the stored end point touches; `nil` if there is none or more than one.
  private func shapeNear(_ end: End, of position: Int, comparisons: inout Int) -> Int? {
    let edge = drafter.cells[position]
    guard let point = end == .source ? edge.geometry?.sourcePoint : edge.geometry?.targetPoint
    else { return nil }
    // Edges inside a group or container have its corner as their origin.
    let origin = edge.parent.flatMap { drafter.cells[$0].bounds }
    var found: [Int] = []
    index.visit(
      x: point.x + (origin?.x ?? 0), y: point.y + (origin?.y ?? 0), comparisons: &comparisons
    ) { number in
      found.append(shapes[number])
      return found.count < 2
    }
    return found.count == 1 ? found[0] : nil
  }
}

import ArchitectureModel

/// Finds the shapes that enclose another by their rectangles: what was dropped on a zone often is not its
/// child in the file.
struct DrawIOEnclosure {
  private let cells: [DrawIOCell]
  /// Cells that may contain others, by ascending area.
  private let candidates: [Int]
  private let index: RectangleIndex

  init(cells: [DrawIOCell], shapes: [Int]) {
    self.cells = cells
    var holdsShapes = [Bool](repeating: false, count: cells.count)
    for shape in shapes {
      if let parent = cells[shape].parent { holdsShapes[parent] = true }
    }
    candidates = shapes.filter { shape in
      guard let bounds = cells[shape].bounds, bounds.width > 0, bounds.height > 0 else {
        return false
      }
      let style = cells[shape].style
      return style.isExplicitContainer || holdsShapes[shape] || style.isPlainRectangle
    }
    index = RectangleIndex(candidates.compactMap { cells[$0].bounds })
  }

  /// Cells whose rectangle encloses that of `position`, smallest first.
  ///
  /// A plain rectangle counts only if it is at least twice as large and what lies in it has a name: an
  /// icon put on a box does not make the box a zone.
  func enclosing(_ position: Int, comparisons: inout Int) -> [Int] {
    guard let inner = cells[position].bounds else { return [] }
    let area = inner.width * inner.height
    let isNamed = !cells[position].label.isEmpty || !cells[position].attributes.isEmpty
    var found: [(area: Double, cell: Int)] = []
    index.visit(x: inner.x, y: inner.y, comparisons: &comparisons) { number in
      let candidate = candidates[number]
      guard candidate != position, let outer = cells[candidate].bounds else { return true }
      let outerArea = outer.width * outer.height
      guard outerArea > area, inner.x + inner.width <= outer.x + outer.width,
        inner.y + inner.height <= outer.y + outer.height
      else { return true }
      let isExplicit = cells[candidate].style.isExplicitContainer || cells[candidate].hasChildren
      if isExplicit || (isNamed && outerArea >= 2 * area) { found.append((outerArea, candidate)) }
      return true
    }
    return found.sorted { ($0.area, $0.cell) < ($1.area, $1.cell) }.map(\.cell)
  }
}

import ArchitectureModel
import EngineSupport
import XMLDocuments

/// Turns the cells of one page into shapes and lines, and settles what becomes of each cell.
struct DrawIOPageDrafter {
  let page: DrawIOPage
  var cells: [DrawIOCell]
  private(set) var shapes: [DrawnShape] = []
  private(set) var lines: [DrawnLine] = []

  /// For each cell the edge that it is drawn on, if any.
  private var carryingEdge: [Int?] = []
  /// For each imported vertex its container among the cells.
  private(set) var containers: [Int?] = []
  private var containments: [DrawnShape.Containment?] = []
  var isContainer: [Bool] = []

  init(page: DrawIOPage, cells: [DrawIOCell]) {
    self.page = page
    self.cells = cells
  }

  mutating func draft(budget: inout ImportBudget, reportingTo diagnostics: inout Diagnostics) {
    findCarryingEdges()
    settleCells(reportingTo: &diagnostics)
    findContainers(budget: &budget, reportingTo: &diagnostics)
    draftShapes()
    draftLines(budget: &budget, reportingTo: &diagnostics)
  }

  func id(_ position: Int) -> DrawnID { DrawnID(page: page.id, cell: cells[position].id) }

  // MARK: - What becomes of each cell

  private mutating func findCarryingEdges() {
    carryingEdge = cells.map { cell in
      guard cell.mark == .vertex else { return nil }
      var current = cell.parent
      while let parent = current {
        if cells[parent].mark == .edge { return parent }
        current = cells[parent].parent
      }
      return nil
    }
  }

  private mutating func settleCells(reportingTo diagnostics: inout Diagnostics) {
    var hasVertexInside = [Bool](repeating: false, count: cells.count)
    for cell in cells where cell.mark == .vertex && !(cell.style.isText) {
      if let parent = cell.parent { hasVertexInside[parent] = true }
    }
    for position in cells.indices where cells[position].outcome == nil {
      let cell = cells[position]
      switch cell.kind {
      case .root: cells[position].settle(.leftOut, "root of the page's cells")
      case .layer:
        cells[position].settle(
          .leftOut, cell.isVisible ? "layer: holds cells" : "hidden layer: its cells are imported")
        if !cell.isVisible {
          diagnostics.report(
            Diagnostic(
              .note, "import.drawio.hidden-layer",
              "the layer \"\(cell.label)\" is hidden; what it holds is imported",
              at: cell.location))
        }
      case .edge: cells[position].settle(.imported, nil)
      case .vertex, .edgeLabel:
        if let edge = carryingEdge[position] {
          cells[position].settle(.merged(into: id(edge)), "label or mark on the connector")
          continue
        }
        let isReferred = cell.isEdgeEnd || !cell.attributes.isEmpty
        if cell.style.isGroup, cell.label.isEmpty, !isReferred {
          cells[position].settle(.leftOut, "pure grouping without label")
        } else if cell.style.isText, !isReferred, !hasVertexInside[position] {
          cells[position].settle(.leftOut, "annotation text")
        } else {
          cells[position].settle(.imported, cell.isVisible ? nil : "hidden in the drawing")
        }
      default: cells[position].settle(.leftOut, "neither a vertex nor an edge")
      }
    }
  }

  func isShape(_ position: Int) -> Bool {
    cells[position].mark == .vertex && cells[position].outcome == .imported
  }

  // MARK: - Containers

  /// Parent first; the smallest enclosing rectangle only for shapes that have no shape as ancestor.
  private mutating func findContainers(
    budget: inout ImportBudget, reportingTo diagnostics: inout Diagnostics
  ) {
    var forest = ContainmentForest(count: cells.count)
    containments = Array(repeating: nil, count: cells.count)
    isContainer = Array(repeating: false, count: cells.count)
    for position in cells.indices where isShape(position) {
      var current = cells[position].parent
      while let parent = current, !isShape(parent) { current = cells[parent].parent }
      if let parent = current, forest.attach(position, to: parent) {
        containments[position] = .parent
        isContainer[parent] = true
      }
    }
    let search = DrawIOEnclosure(cells: cells, shapes: cells.indices.filter(isShape))
    for position in cells.indices where isShape(position) && forest.container[position] == nil {
      for candidate in search.enclosing(position, comparisons: &budget.comparisons)
      where forest.attach(position, to: candidate) {
        containments[position] = .geometry
        isContainer[candidate] = true
        break
      }
    }
    containers = forest.container
    if budget.comparisons <= 0 {
      diagnostics.report(
        Diagnostic(
          .warning, "import.drawio.geometry-limit",
          "too many overlapping shapes: the search for enclosing containers was cut short",
          at: page.origin.location(line: 1, column: nil, subject: page.subject)))
    }
  }

  private mutating func draftShapes() {
    for (position, cell) in cells.enumerated() where isShape(position) {
      shapes.append(
        DrawnShape(
          id: id(position), label: cell.label, attributes: cell.attributes,
          shapeName: cell.style.shapeName, container: containers[position].map { id($0) },
          containment: containments[position], isContainer: isContainer[position],
          bounds: cell.bounds, alsoDrawnAs: [], location: cell.location,
          source: DrawIOCanonicalSource.bytes(of: cell.outerElement, in: page.tree)))
    }
  }

  // MARK: - Lines

  private mutating func draftLines(
    budget: inout ImportBudget, reportingTo diagnostics: inout Diagnostics
  ) {
    var labels: [Int: [Int]] = [:]
    for (position, edge) in carryingEdge.enumerated() {
      if let edge { labels[edge, default: []].append(position) }
    }
    let ends = DrawIOLineEnds(drafter: self)
    for position in cells.indices
    where cells[position].mark == .edge && cells[position].outcome == .imported {
      let cell = cells[position]
      var remarks: [String] = []
      var source = ends.shape(
        at: .source, of: position, remarks: &remarks, budget: &budget, reportingTo: &diagnostics)
      var target = ends.shape(
        at: .target, of: position, remarks: &remarks, budget: &budget, reportingTo: &diagnostics)
      let heads = cell.style.arrowHeads
      if heads.start, !heads.end {
        swap(&source, &target)
        remarks.append("arrow head at the start only: read as flow from target to source")
      } else if !heads.start, !heads.end {
        remarks.append("no arrow head: read as flow from source to target")
      }
      let carried = labels[position] ?? []
      var attributes = cell.attributes
      var names = Set(attributes.map(\.name))
      for attribute in carried.flatMap({ cells[$0].attributes })
      where names.insert(attribute.name).inserted {
        attributes.append(attribute)
      }
      let texts = ([cell.label] + carried.map { cells[$0].label }).filter { !$0.isEmpty }
      lines.append(
        DrawnLine(
          id: id(position), label: texts.joined(separator: " "), attributes: attributes,
          source: source, target: target, isBidirectional: heads.start && heads.end,
          location: cell.location,
          sourceBytes: DrawIOCanonicalSource.bytes(
            of: cell.outerElement, labels: carried.map { cells[$0].outerElement }, in: page.tree)))
      if !remarks.isEmpty { cells[position].reason = remarks.joined(separator: "; ") }
    }
  }
}

import ArchitectureModel
import EngineSupport
import XMLDocuments

/// Reads the cells of one page: which elements are cells, how they hang together, where they lie.
struct DrawIOCellReader {
  private(set) var cells: [DrawIOCell] = []
  /// Rows of unknown elements and misplaced cells, by element.
  private(set) var strays: [(element: Int, row: ImportLedger.Row)] = []

  private let page: DrawIOPage
  private let depthLimit: Int
  private var positions: [String: Int] = [:]

  static func read(
    _ page: DrawIOPage, depthLimit: Int, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> DrawIOCellReader {
    var reader = DrawIOCellReader(page: page, depthLimit: depthLimit)
    reader.collectCells(reportingTo: &diagnostics)
    reader.collectStrays(reportingTo: &diagnostics)
    reader.resolveReferences(reportingTo: &diagnostics)
    let order = try reader.parentsFirst()
    reader.classify()
    reader.place(in: order)
    return reader
  }

  private init(page: DrawIOPage, depthLimit: Int) {
    self.page = page
    self.depthLimit = depthLimit
  }

  // MARK: - Elements to cells

  private mutating func collectCells(reportingTo diagnostics: inout Diagnostics) {
    guard let model = page.model else { return }
    let tree = page.tree
    for list in tree[model].children {
      let name = tree[list].name
      if name != "root" {
        // A misspelt root element that holds cells is read, and said to be.
        let holdsCells = tree[list].children.contains { tree[$0].name == "mxCell" }
        guard holdsCells, !DrawIOVocabulary.elements.contains(name) else { continue }
        diagnostics.report(
          Diagnostic(
            .warning, "import.drawio.unknown-element",
            "the element \(name) is read as root, because it holds cells",
            at: page.location(of: list)))
      }
      for child in tree[list].children {
        if tree[child].name == "mxCell" {
          append(cell: child, wrapper: nil, reportingTo: &diagnostics)
        } else if let cell = tree.child(of: child, named: "mxCell") {
          if !DrawIOVocabulary.wrappers.contains(tree[child].name) {
            diagnostics.report(
              Diagnostic(
                .warning, "import.drawio.unknown-element",
                "the element \(tree[child].name) is read as a wrapper, because it holds a cell",
                at: page.location(of: child)))
          }
          append(cell: cell, wrapper: child, reportingTo: &diagnostics)
        }
      }
    }
  }

  private mutating func append(
    cell: Int, wrapper: Int?, reportingTo diagnostics: inout Diagnostics
  ) {
    let tree = page.tree
    let element = tree[cell]
    let outer = wrapper.map { tree[$0] } ?? element
    let given = (outer["id"] ?? element["id"]).flatMap { $0.isEmpty ? nil : $0 }
    let id = given ?? unusedID(for: cell)
    let location = page.location(of: wrapper ?? cell, cell: id)
    if given == nil {
      diagnostics.report(
        Diagnostic(
          .warning, "import.drawio.missing-id", "a cell without id is called \(id)", at: location))
    }
    var read = DrawIOCell(
      id: id, element: cell, wrapper: wrapper, mark: DrawIOCell.mark(of: element),
      style: DrawIOStyle(element["style"] ?? ""), location: location,
      parentID: Self.nonEmpty(element["parent"]), sourceID: Self.nonEmpty(element["source"]),
      targetID: Self.nonEmpty(element["target"]),
      rawLabel: wrapper.flatMap { tree[$0]["label"] } ?? element["value"] ?? "",
      hasPlaceholders: outer["placeholders"] == "1", attributes: customAttributes(cell, wrapper),
      isVisible: element["visible"] != "0")
    if let geometry = tree.child(of: cell, named: "mxGeometry") {
      read.geometry = DrawIOGeometry(tree, at: geometry)
      if read.geometry == nil {
        diagnostics.report(
          Diagnostic(
            .warning, "import.drawio.geometry", "the geometry holds what is no usable number",
            at: location))
      }
    }
    if positions[id] != nil {
      diagnostics.report(
        Diagnostic(
          .warning, "import.drawio.duplicate-id",
          "the cell id \(id) stands twice on the page; this one is left out", at: location))
      read.settle(.leftOut, "a cell with this id stands earlier on the page")
    } else {
      positions[id] = cells.count
    }
    cells.append(read)
  }

  private func unusedID(for element: Int) -> String {
    var id = "#\(element)"
    while positions[id] != nil { id += "'" }
    return id
  }

  private static func nonEmpty(_ text: String?) -> String? {
    text.flatMap { $0.isEmpty ? nil : $0 }
  }

  private func customAttributes(_ cell: Int, _ wrapper: Int?) -> [DrawnAttribute] {
    var list: [DrawnAttribute] = []
    if let wrapper {
      for attribute in page.tree[wrapper].attributes
      where !DrawIOVocabulary.wrapperAttributes.contains(attribute.name) {
        list.append(DrawnAttribute(name: attribute.name, value: attribute.value))
      }
    }
    for attribute in page.tree[cell].attributes
    where !DrawIOVocabulary.cellAttributes.contains(attribute.name) {
      list.append(DrawnAttribute(name: attribute.name, value: attribute.value))
    }
    return list
  }

  /// Rows for the page's elements that are no cells in their place; one warning for each name.
  private mutating func collectStrays(reportingTo diagnostics: inout Diagnostics) {
    let claimed = Dictionary(
      uniqueKeysWithValues: cells.enumerated().map { ($0.element.element, $0.offset) })
    let wrappers = Dictionary(
      uniqueKeysWithValues: cells.enumerated().compactMap { position, cell in
        cell.wrapper.map { ($0, position) }
      })
    var counts: [(name: String, first: Int, count: Int)] = []
    var known: [String: Int] = [:]
    for element in page.elements where claimed[element] == nil {
      let place = page.location(of: element)
      guard var row = ImportLedger.Row.stray(page.tree, element, page: page.id, at: place) else {
        continue
      }
      let name = page.tree[element].name
      if let position = wrappers[element] {
        row.id = name
        row.reason = "unknown wrapper \(name), read with its cell \(cells[position].id)"
      } else if page.tree[element].children.contains(where: {
        claimed[$0] != nil || wrappers[$0] != nil
      }) {
        row.reason = "unknown element \(name), read as root"
      } else if let position = known[name] {
        counts[position].count += 1
      } else {
        known[name] = counts.count
        counts.append((name, element, 1))
      }
      strays.append((element, row))
    }
    for (name, first, count) in counts {
      diagnostics.report(
        Diagnostic(
          .warning, "import.drawio.unknown-element",
          "\(count) element\(count == 1 ? "" : "s") \(name) left out", at: page.location(of: first),
          hint: "the import ledger lists each of them"))
    }
  }

  // MARK: - References

  private mutating func resolveReferences(reportingTo diagnostics: inout Diagnostics) {
    for position in cells.indices where cells[position].outcome == nil {
      if let parentID = cells[position].parentID {
        if let parent = positions[parentID] {
          cells[position].parent = parent
          cells[parent].hasChildren = true
        } else {
          diagnostics.report(
            Diagnostic(
              .warning, "import.drawio.missing-parent",
              "the parent \(parentID) does not exist on this page", at: cells[position].location))
        }
      }
      guard cells[position].mark == .edge else { continue }
      if let source = cells[position].sourceID.flatMap({ positions[$0] }) {
        cells[position].source = source
        cells[source].isEdgeEnd = true
      }
      if let target = cells[position].targetID.flatMap({ positions[$0] }) {
        cells[position].target = target
        cells[target].isEdgeEnd = true
      }
    }
  }

  /// The cells in an order in which each comes after its parent.
  /// Errors: `import.drawio.parent-cycle`, `import.drawio.too-deep`.
  private func parentsFirst() throws(Diagnostic) -> [Int] {
    var depth = [Int?](repeating: nil, count: cells.count)
    for start in cells.indices where depth[start] == nil {
      var chain: [Int] = []
      var current: Int? = start
      while let cell = current, depth[cell] == nil {
        chain.append(cell)
        guard chain.count <= cells.count else {
          throw Diagnostic(
            "import.drawio.parent-cycle", "the cell is its own ancestor", at: cells[cell].location)
        }
        current = cells[cell].parent
      }
      var level = current.flatMap { depth[$0] } ?? 0
      for cell in chain.reversed() {
        level += 1
        depth[cell] = level
        guard level <= depthLimit else {
          throw Diagnostic(
            "import.drawio.too-deep", "cells are nested more than \(depthLimit) deep",
            at: cells[cell].location)
        }
      }
    }
    return cells.indices.sorted { (depth[$0] ?? 0, $0) < (depth[$1] ?? 0, $1) }
  }

  private mutating func classify() {
    for position in cells.indices {
      let cell = cells[position]
      switch cell.mark {
      case .edge: cells[position].kind = .edge
      case .vertex:
        let parentIsEdge = cell.parent.map { cells[$0].mark == .edge } ?? false
        cells[position].kind = parentIsEdge ? .edgeLabel : .vertex
      case nil:
        if cell.parentID == nil {
          cells[position].kind = .root
        } else if let parent = cell.parent, cells[parent].mark == nil,
          cells[parent].parentID == nil
        {
          cells[position].kind = .layer
        }
      }
    }
  }

  /// Absolute rectangles: a child's geometry is relative to its parent, which may stand later in the file.
  private mutating func place(in order: [Int]) {
    for position in order {
      guard let geometry = cells[position].geometry, cells[position].mark == .vertex else {
        continue
      }
      let parent = cells[position].parent
      cells[position].bounds = geometry.bounds(in: parent.flatMap { cells[$0].bounds })
    }
  }
}

extension DrawIOCell {
  /// What an `mxCell` element is marked as; draw.io itself takes a cell with both marks for an edge.
  static func mark(of element: XMLElement) -> ImportLedger.Mark? {
    if element["edge"] == "1" { return .edge }
    return element["vertex"] == "1" ? .vertex : nil
  }
}

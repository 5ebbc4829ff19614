import ArchitectureModel
public import EngineSupport

/// draw.io (diagrams.net): `mxfile` with plain or compressed pages, bare `mxGraphModel`, `.drawio.svg`;
/// shape libraries (`mxlibrary`) are accounted for but hold no drawing.
///
/// Source: the file format page of the jgraph/drawio wiki, and files in the wild.
public struct DrawIOImporter: DiagramImporter {
  public static let format = DiagramFormat(name: "drawio", title: "draw.io (diagrams.net)")

  public var limits = ImportLimits()

  public init() {}

  /// By the root element's name, or by the file name's ending.
  public static func recognizes(_ document: InputDocument) -> Bool {
    let head = String(decoding: document.bytes.prefix(16 << 10), as: UTF8.self)
    switch rootName(in: head) {
    case "mxfile", "mxGraphModel", "mxlibrary": return true
    case "svg": if head.contains("mxfile") || head.contains("content=") { return true }
    case let name?: if name.hasPrefix("mxfile") { return true }
    case nil: break
    }
    let name = document.name.lowercased()
    return [".drawio", ".drawio.xml", ".drawio.svg", ".dio"].contains { name.hasSuffix($0) }
  }

  /// The name of the first start tag, without prefix; `nil` when there is none in `head`.
  private static func rootName(in head: String) -> String? {
    var rest = Array(head.utf8)[...]
    while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
      rest = rest[(open + 1)...]
      if rest.starts(with: "!--".utf8) {
        rest = rest.dropFirst(3)
        while let first = rest.first {
          if first == UInt8(ascii: "-"), rest.starts(with: "-->".utf8) { break }
          rest = rest.dropFirst()
        }
      } else if let first = rest.first, first != UInt8(ascii: "?"), first != UInt8(ascii: "!") {
        let name = rest.prefix { byte in
          byte > 0x20 && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "/")
        }
        return String(decoding: name, as: UTF8.self).split(separator: ":").last.map(String.init)
      }
    }
    return nil
  }

  public func draft(
    of document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> ImportedDiagram {
    var budget = ImportBudget(limits)
    let file = try DrawIOFile.open(document, budget: &budget, reportingTo: &diagnostics)
    var drafters: [DrawIOPageDrafter] = []
    var strays: [[(element: Int, row: ImportLedger.Row)]] = []
    for page in file.pages {
      let reader = try DrawIOCellReader.read(
        page, depthLimit: limits.depth, reportingTo: &diagnostics)
      var cells = reader.cells
      try DrawIOLabels.resolve(&cells, on: page, budget: &budget)
      var drafter = DrawIOPageDrafter(page: page, cells: cells)
      drafter.draft(budget: &budget, reportingTo: &diagnostics)
      drafters.append(drafter)
      strays.append(reader.strays)
    }
    let identity = DrawIOIdentity.merge(
      shapes: drafters.flatMap(\.shapes), lines: drafters.flatMap(\.lines),
      reportingTo: &diagnostics)
    var rows = file.strayRows + file.libraryRows
    for (drafter, strays) in zip(drafters, strays) {
      rows += Self.rows(of: drafter, strays: strays, merged: identity.merged)
    }
    let draft = ArchitectureDraft(
      document: document.name,
      pages: file.pages.map { DrawnPage(id: $0.id, name: $0.name) },
      shapes: identity.shapes, lines: identity.lines)
    return ImportedDiagram(
      format: Self.format, draft: draft, ledger: ImportLedger(rows: rows, source: file.source))
  }

  /// The ledger rows of one page, in document order.
  private static func rows(
    of drafter: DrawIOPageDrafter, strays: [(element: Int, row: ImportLedger.Row)],
    merged: [DrawnID: DrawnID]
  ) -> [ImportLedger.Row] {
    var rows = strays
    for (position, cell) in drafter.cells.enumerated() {
      var outcome = cell.outcome ?? .leftOut
      var reason = cell.reason
      if outcome == .imported, let first = merged[drafter.id(position)] {
        outcome = .merged(into: first)
        reason = "same label and kind as \(first.cell) on page \(first.page)"
      }
      let ends = [cell.source, cell.target].count { $0 != nil }
      rows.append(
        (
          cell.element,
          ImportLedger.Row(
            id: cell.id, page: drafter.page.id, location: cell.location, kind: cell.kind,
            mark: cell.mark, outcome: outcome, reason: reason,
            attachedEnds: cell.kind == .edge ? ends : nil, hasChildren: cell.hasChildren)
        ))
    }
    return rows.sorted { $0.element < $1.element }.map(\.row)
  }
}

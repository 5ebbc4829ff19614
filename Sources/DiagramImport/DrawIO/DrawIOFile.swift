import EngineSupport
import XMLDocuments

/// A draw.io file opened: its pages (plain or decoded), and the account of what stands outside them.
struct DrawIOFile {
  var pages: [DrawIOPage] = []
  /// Rows of elements outside pages: unknown elements and cells where none belong.
  var strayRows: [ImportLedger.Row] = []
  /// Rows of library cells, and the count of everything in the file.
  var libraryRows: [ImportLedger.Row] = []
  var source = ImportLedger.SourceCount()

  private let document: InputDocument
  /// Page ids in use, each with the number that the next page of that id would get.
  private var pageIDs: [String: Int] = [:]

  static func open(
    _ document: InputDocument, budget: inout ImportBudget,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> DrawIOFile {
    var file = DrawIOFile(document: document)
    let origin = XMLOrigin(document: document.name)
    let tree = try XMLReader.tree(
      of: document.bytes, from: origin, doctype: .passedOver(name: "svg"), budget: &budget.xml)
    if tree.root.name == "svg" || tree.root.name == "{http://www.w3.org/2000/svg}svg" {
      let (inner, carrier) = try file.embedded(in: tree, budget: &budget)
      try file.read(inner, from: carrier, budget: &budget, reportingTo: &diagnostics)
    } else {
      try file.read(tree, from: origin, budget: &budget, reportingTo: &diagnostics)
    }
    return file
  }

  private init(document: InputDocument) { self.document = document }

  /// The `mxfile` that draw.io keeps in the `content` attribute of the SVG files it writes.
  private func embedded(
    in tree: XMLTree, budget: inout ImportBudget
  ) throws(Diagnostic) -> (XMLTree, XMLOrigin) {
    let place = XMLOrigin.Position(line: tree.root.line, column: tree.root.column)
    guard let content = tree.root["content"] else {
      throw Diagnostic(
        "import.drawio.no-diagram", "the SVG picture carries no draw.io diagram",
        at: XMLOrigin(document: document.name).location(line: place.line, column: place.column),
        hint: "export it from draw.io with \"Include a copy of my diagram\"")
    }
    let origin = XMLOrigin(document: document.name, carrier: place)
    let subject = "attribute content"
    let (bytes, _) = try DrawIOTextDecoder.xml(
      in: content, from: origin, subject: subject, budget: &budget)
    return (
      try XMLReader.tree(of: bytes, from: origin, subject: subject, budget: &budget.xml), origin
    )
  }

  private mutating func read(
    _ tree: XMLTree, from origin: XMLOrigin, budget: inout ImportBudget,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    source.add(tree)
    let root = tree.root
    let place = origin.location(line: root.line, column: root.column)
    switch root.name {
    case "mxGraphModel":
      source.pages = 1
      pages = [
        DrawIOPage(
          id: "page-1", name: "Page-1", isCompressed: false, tree: tree, model: 0,
          elements: 0..<tree.elements.count, origin: origin)
      ]
      return
    case "mxlibrary":
      try readLibrary(tree, from: origin, budget: &budget, reportingTo: &diagnostics)
    case "mxfile":
      if !root.children.contains(where: { tree[$0].name == "diagram" }) {
        diagnostics.report(
          Diagnostic(.warning, "import.drawio.no-diagram", "the file holds no page", at: place))
      }
    default:
      guard root.children.contains(where: { tree[$0].name == "diagram" }) else {
        throw Diagnostic(
          "import.drawio.unknown-root",
          "the root element \(root.name) is none of draw.io's and holds no diagram", at: place)
      }
      diagnostics.report(
        Diagnostic(
          .warning, "import.drawio.unknown-root",
          "the root element is \(root.name) instead of mxfile; its diagrams are read", at: place))
    }
    for child in root.children where tree[child].name == "diagram" {
      try readPage(
        child, of: tree, from: origin, budget: &budget, reportingTo: &diagnostics)
    }
    collectStrays(in: tree, from: origin, reportingTo: &diagnostics)
  }

  private mutating func readPage(
    _ diagram: Int, of tree: XMLTree, from origin: XMLOrigin, budget: inout ImportBudget,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    let element = tree[diagram]
    source.pages += 1
    let ordinal = source.pages
    let given = element["id"].flatMap { $0.isEmpty ? nil : $0 }
    let name = element["name"] ?? given ?? "Page-\(ordinal)"
    let subject = DrawIOPage.subject(name)
    let place = origin.location(line: element.line, column: element.column, subject: subject)
    let id = uniquePageID(given ?? "page-\(ordinal)")
    if let given, given != id {
      diagnostics.report(
        Diagnostic(
          .warning, "import.drawio.duplicate-page",
          "the page id \(given) stands twice; this page is called \(id)", at: place))
    }
    guard element.children.isEmpty, !element.text.isEmpty else {
      let model = tree.child(of: diagram, named: "mxGraphModel")
      if model == nil {
        diagnostics.report(
          Diagnostic(.warning, "import.drawio.empty-page", "the page holds no diagram", at: place))
      }
      pages.append(
        DrawIOPage(
          id: id, name: name, isCompressed: false, tree: tree, model: model,
          elements: (diagram + 1)..<element.subtreeEnd, origin: origin))
      return
    }
    let carrier =
      origin.isDecoded
      ? origin
      : XMLOrigin(
        document: document.name,
        carrier: XMLOrigin.Position(line: element.line, column: element.column))
    let (bytes, isCompressed) = try DrawIOTextDecoder.xml(
      in: element.text, from: carrier, subject: subject, budget: &budget)
    let decoded = try XMLReader.tree(
      of: bytes, from: carrier, subject: subject, budget: &budget.xml)
    source.add(decoded)
    if isCompressed { source.compressedPages += 1 }
    let isModel = decoded.root.name == "mxGraphModel"
    if !isModel {
      diagnostics.report(
        Diagnostic(
          .warning, "import.drawio.empty-page",
          "the page holds a \(decoded.root.name) element instead of mxGraphModel", at: place))
    }
    pages.append(
      DrawIOPage(
        id: id, name: name, isCompressed: isCompressed, tree: decoded, model: isModel ? 0 : nil,
        elements: 0..<decoded.elements.count, origin: carrier))
  }

  private mutating func uniquePageID(_ wanted: String) -> String {
    var id = wanted
    while pageIDs[id] != nil {
      id = "\(wanted)#\(pageIDs[wanted, default: 2])"
      pageIDs[wanted, default: 2] += 1
    }
    pageIDs[id] = 2
    return id
  }

  /// Rows for what stands in the file outside its pages, the root element of unknown name included.
  private mutating func collectStrays(
    in tree: XMLTree, from origin: XMLOrigin, reportingTo diagnostics: inout Diagnostics
  ) {
    var index = 0
    while index < tree.elements.count {
      let element = tree[index]
      if element.name == "diagram", element.parent == 0 {
        index = element.subtreeEnd
        continue
      }
      let place = origin.location(line: element.line, column: element.column)
      if let row = ImportLedger.Row.stray(tree, index, page: nil, at: place) {
        strayRows.append(row)
        if index > 0 {
          diagnostics.report(
            Diagnostic(
              .warning, "import.drawio.unknown-element",
              "\(element.name) outside a page is left out", at: place))
        }
      }
      index += 1
    }
  }
}

extension ImportLedger.Row {
  /// The row of an element that no reader claimed, if the element needs one.
  static func stray(
    _ tree: XMLTree, _ index: Int, page: String?, at location: SourceLocation
  ) -> ImportLedger.Row? {
    let element = tree[index]
    if element.name == "mxCell" {
      let container = element.parent.map { tree[$0].name } ?? "nothing"
      return ImportLedger.Row(
        id: element["id"] ?? "mxCell", page: page, location: location, kind: .misplacedCell,
        mark: DrawIOCell.mark(of: element), outcome: .leftOut,
        reason: "draw.io has no cells inside \(container)")
    }
    guard !DrawIOVocabulary.elements.contains(element.name) else { return nil }
    return ImportLedger.Row(
      id: element["id"] ?? element.name, page: page, location: location, kind: .unknownElement,
      mark: nil, outcome: .leftOut, reason: "unknown element \(element.name)")
  }
}

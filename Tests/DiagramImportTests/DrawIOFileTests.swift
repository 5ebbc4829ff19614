import ArchitectureModel
import DiagramImport
import EngineSupport
import Testing

/// The carriers: plain and packed pages, several pages, pictures, libraries, broken files in the wild.
@Suite struct DrawIOFileTests {
  typealias Fixture = DrawIOFixture

  private let first = Fixture.model(
    Fixture.vertex("a", "A + ä 50%") + Fixture.vertex("b", "B", x: 300))

  @Test func packedAndPlainPagesGiveTheSameShapes() throws {
    let plain = try Fixture.read(Fixture.file([("One", first)]))
    let packed = try Fixture.read(Fixture.file([("One", Fixture.packed(first))]))
    #expect(plain.diagram.draft.shapes.map(\.label) == ["A + ä 50%", "B"])
    #expect(packed.diagram.draft.shapes.map(\.label) == ["A + ä 50%", "B"])
    #expect(
      plain.diagram.draft.shapes.map(\.source) == packed.diagram.draft.shapes.map(\.source))
    #expect(plain.diagram.ledger.totals.compressedPages == 0)
    #expect(packed.diagram.ledger.totals.compressedPages == 1)
  }

  @Test func bothStatesInOneFileWithPlacesInEach() throws {
    let multiline = first.replacing("<mxCell", with: "\n<mxCell")
    let outcome = try Fixture.read(
      Fixture.file([("One", first), ("Two", Fixture.packed(multiline.replacing("B", with: "C")))]))
    let totals = outcome.diagram.ledger.totals
    #expect(totals.pages == 2 && totals.compressedPages == 1 && totals.vertices == 4)
    let last = try #require(outcome.diagram.draft.shapes.last)
    #expect(last.id == DrawnID(page: "two", cell: "b") && last.label == "C")
    #expect(last.location.line == 3)
    #expect(last.location.path == "page \"Two\" cell b, decoded line 5")
    #expect(outcome.diagram.discrepancies().isEmpty)
  }

  @Test func bareModelsAndEscapedModelsAreRead() throws {
    #expect(try Fixture.read(Fixture.document(first)).diagram.draft.shapes.count == 2)
    let escaped = first.replacing("<", with: "&lt;")
    let outcome = try Fixture.read(Fixture.file([("One", escaped)]))
    #expect(outcome.diagram.draft.shapes.count == 2)
    #expect(outcome.diagram.ledger.totals.compressedPages == 0)
  }

  @Test func picturesCarryTheirFile() throws {
    let file = String(decoding: Fixture.file([("One", Fixture.packed(first))]).bytes, as: UTF8.self)
    let content = file.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing("\"", with: "&quot;")
    let picture =
      "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://example.invalid/a.dtd\">\n"
      + "<svg xmlns=\"http://www.w3.org/2000/svg\" content=\"\(content)\"><g><rect/></g></svg>"
    let outcome = try Fixture.read(Fixture.document(picture, name: "a.svg"))
    #expect(outcome.diagram.draft.shapes.count == 2)
    #expect(outcome.diagram.draft.shapes[0].location.line == 2)
    #expect(outcome.diagram.discrepancies().isEmpty)
    let bare = #expect(throws: Diagnostic.self) {
      try Fixture.read(Fixture.document("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"))
    }
    #expect(bare?.code == "import.drawio.no-diagram")
  }

  @Test func librariesAreAccountedForButNotImported() throws {
    let text = Fixture.packed(first)
    let outcome = try Fixture.read(
      Fixture.document("<mxlibrary>[{\"xml\":\"\(text)\",\"w\":1},{\"data\":\"x\"}]</mxlibrary>"))
    let ledger = outcome.diagram.ledger
    #expect(outcome.diagram.draft.shapes.isEmpty && outcome.diagram.draft.pages.isEmpty)
    #expect(outcome.diagnostic("import.drawio.library")?.severity == .warning)
    #expect(ledger.rows.count == 4 && ledger.totals.libraryEntries == 2)
    #expect(
      ledger.rows.allSatisfy { $0.reason == "shape library entry, not part of a drawing" })
    #expect(ledger.reconciles)
    #expect(throws: Diagnostic.self) {
      try Fixture.read(Fixture.document("<mxlibrary>[{]</mxlibrary>"))
    }
  }

  @Test func misspeltElementsAreSaidNotSwallowed() throws {
    let text = String(decoding: Fixture.file([("One", first)]).bytes, as: UTF8.self)
    let root = try Fixture.read(Fixture.document(text.replacing("mxfile", with: "mxfilee")))
    #expect(root.codes() == ["import.drawio.unknown-root"])
    #expect(root.diagram.draft.shapes.count == 2)
    let list = try Fixture.read(
      Fixture.document(
        text.replacing("<root>", with: "<roott>").replacing("</root>", with: "</roott>")))
    #expect(list.codes() == ["import.drawio.unknown-element"])
    #expect(list.diagram.draft.shapes.count == 2)
    let cells = try Fixture.read(Fixture.document(text.replacing("mxCell", with: "mxCel")))
    #expect(cells.codes() == ["import.drawio.unknown-element"])
    #expect(cells.diagram.ledger.totals.unknownElements == 4)
    let model = try Fixture.read(
      Fixture.document(text.replacing("mxGraphModel", with: "mxGraphModell")))
    #expect(model.codes().contains("import.drawio.empty-page"))
    #expect(model.diagram.ledger.rows.count { $0.kind == .misplacedCell } == 4)
    for outcome in [root, list, cells, model] { #expect(outcome.diagram.discrepancies().isEmpty) }
    let other = #expect(throws: Diagnostic.self) { try Fixture.read(Fixture.document("<html/>")) }
    #expect(other?.code == "import.drawio.unknown-root" && other?.location?.line == 1)
  }

  @Test func equalThingsOnDifferentPagesMerge() throws {
    func device(_ id: String, _ label: String, _ more: String, parent: String = "1") -> String {
      "<object id=\"\(id)\" label=\"\(label)\" kind=\"device\" \(more)>"
        + "<mxCell parent=\"\(parent)\" vertex=\"1\"/></object>"
    }
    let one =
      device("g", "Gateway", "ip=\"10.0.0.1\"") + Fixture.vertex("x", "Loop")
      + Fixture.vertex("z1", "Zone", style: "swimlane;", width: 500, height: 500)
    let two =
      Fixture.vertex("z2", "zone ", style: "swimlane;", x: 50, width: 500, height: 500)
      + device("h", "GATEWAY", "ip=\"10.0.0.2\" fw=\"7\"", parent: "z2")
      + Fixture.vertex("hist", "Historian", x: 900)
      + Fixture.edge("e", "SQL", from: "h", to: "hist")
      + Fixture.vertex("x1", "Loop", x: 1200) + Fixture.vertex("x2", "Loop", x: 1400)
    let outcome = try Fixture.read(
      Fixture.file([("One", Fixture.model(one)), ("Two", Fixture.model(two))]))
    let draft = outcome.diagram.draft
    let gateway = try #require(draft.shapes.first)
    #expect(gateway.alsoDrawnAs == [DrawnID(page: "two", cell: "h")])
    #expect(gateway.attributes.map(\.value) == ["device", "10.0.0.1", "7"])
    #expect(gateway.container == DrawnID(page: "one", cell: "z1"))
    #expect(draft.lines[0].source == gateway.id)
    #expect(draft.shapes.map(\.id.cell) == ["g", "x", "z1", "hist", "x1", "x2"])
    #expect(outcome.row("h")?.outcome == .merged(into: gateway.id))
    #expect(outcome.row("z2")?.outcome == .merged(into: DrawnID(page: "one", cell: "z1")))
    #expect(
      outcome.codes() == [
        "import.drawio.ambiguous-identity", "import.drawio.conflicting-attribute",
      ])
    #expect(outcome.diagram.discrepancies().isEmpty)
  }

  @Test func equalPageIdsStayDistinct() throws {
    let outcome = try Fixture.read(Fixture.file([("One", first), ("One", first)]))
    #expect(outcome.diagram.draft.pages.map(\.id) == ["one", "one#2"])
    let tricky = try Fixture.read(
      Fixture.file([("One", first), ("One#2", first), ("One", first), ("One", first)]))
    #expect(tricky.diagram.draft.pages.map(\.id) == ["one", "one#2", "one#3", "one#4"])
    #expect(outcome.codes().contains("import.drawio.duplicate-page"))
  }

  @Test func theLedgerCheckSeesALostRow() throws {
    let diagram = try Fixture.read(Fixture.file([("One", first)])).diagram
    #expect(diagram.discrepancies().isEmpty)
    var lost = diagram
    lost.ledger.rows.removeAll { $0.id == "b" }
    #expect(!lost.ledger.reconciles)
    var hidden = diagram
    hidden.draft.shapes.removeLast()
    #expect(hidden.ledger.reconciles && !hidden.discrepancies().isEmpty)
    let json = diagram.ledger.json
    #expect(json["reconciles"]?.bool == true && json["totals"]?["vertices"]?.integer == 2)
    #expect(json["rows"]?.elements?.count == 4)
    #expect(json["rows"]?.elements?[2]["outcome"]?.string == "imported")
    #expect(!CanonicalJSON.bytes(of: json).isEmpty)
  }
}

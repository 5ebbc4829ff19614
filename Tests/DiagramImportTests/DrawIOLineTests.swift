import ArchitectureModel
import DiagramImport
import EngineSupport
import Testing

/// Connectors: their labels, directions, and the many ways in which an end can be loose.
@Suite struct DrawIOLineTests {
  typealias Fixture = DrawIOFixture

  private let ends = Fixture.vertex("a", "A") + Fixture.vertex("b", "B", x: 300)

  private func loosePoint(_ role: String, x: Int, y: Int) -> String {
    "<mxPoint x=\"\(x)\" y=\"\(y)\" as=\"\(role)\"/>"
  }

  @Test func labelCellsMergeIntoTheirLine() throws {
    let label = """
      <mxCell id="l1" value="port 502" style="edgeLabel;html=1;" parent="e" vertex="1" connectable="0">\
      <mxGeometry x="-0.3" relative="1" as="geometry"/></mxCell>
      <object id="l2" label="TLS" cipher="none"><mxCell style="edgeLabel;" parent="e" vertex="1"/></object>
      """
    let outcome = try Fixture.read(
      Fixture.page(label + ends + Fixture.edge("e", "Modbus", from: "a", to: "b")))
    let line = outcome.diagram.draft.lines[0]
    #expect(line.label == "Modbus port 502 TLS")
    #expect(line.attributes == [DrawnAttribute(name: "cipher", value: "none")])
    #expect(outcome.row("l1")?.outcome == .merged(into: line.id))
    #expect(outcome.row("l1")?.kind == .edgeLabel)
    #expect(outcome.diagram.draft.shapes.count == 2)
    let bytes = String(decoding: line.sourceBytes, as: UTF8.self)
    #expect(bytes.contains("port 502") && bytes.contains("cipher"))
    #expect(outcome.diagram.discrepancies().isEmpty)
  }

  @Test func looseEndsAreReportedNotDropped() throws {
    let outcome = try Fixture.read(
      Fixture.page(
        ends + "\n" + Fixture.edge("open", from: "a") + "\n"
          + Fixture.edge("ghost", from: "a", to: "gone")))
    let lines = outcome.diagram.draft.lines
    #expect(lines.count == 2 && lines.allSatisfy { $0.source != nil && $0.target == nil })
    let found = outcome.diagnostics.filter { $0.code == "import.drawio.dangling-edge" }
    #expect(found.count == 2 && found.allSatisfy { $0.severity == .warning && $0.hint == nil })
    #expect(found[0].message.contains("not attached"))
    #expect(found[1].message.contains("names the cell gone"))
    #expect(found[0].location?.line == 3 && found[1].location?.line == 4)
    #expect(found[0].location?.path == "page \"Main\" cell open")
    #expect(outcome.row("open")?.attachedEnds == 1)
    #expect(outcome.row("open")?.outcome == .imported && outcome.row("open")?.reason != nil)
  }

  @Test func aNearShapeIsNamedButNotAttached() throws {
    let points = loosePoint("sourcePoint", x: 86, y: 20) + loosePoint("targetPoint", x: 150, y: 20)
    let outcome = try Fixture.read(Fixture.page(ends + Fixture.edge("e", points: points)))
    #expect(outcome.diagram.draft.lines[0].source == nil)
    #expect(outcome.diagnostics.map { $0.hint != nil } == [true, false])
    #expect(outcome.diagnostics[0].hint?.contains("cell a \"A\"") == true)
  }

  @Test func twoNearShapesGiveNoHint() throws {
    let crowd = Fixture.vertex("a", "A") + Fixture.vertex("b", "B", x: 85)
    let edge = Fixture.edge("e", to: "a", points: loosePoint("sourcePoint", x: 82, y: 20))
    let outcome = try Fixture.read(Fixture.page(crowd + edge))
    #expect(outcome.diagnostics.count == 1 && outcome.diagnostics[0].hint == nil)
  }

  @Test func endPointsOfEdgesInContainersAreRelativeToThem() throws {
    let cells =
      Fixture.vertex("z", "Zone", style: "swimlane;", x: 1000, y: 1000, width: 500, height: 500)
      + Fixture.vertex("a", "A", parent: "z", x: 10, y: 10)
      + Fixture.edge("e", parent: "z", points: loosePoint("sourcePoint", x: 95, y: 20))
    let outcome = try Fixture.read(Fixture.page(cells))
    #expect(outcome.diagnostics[0].hint?.contains("cell a") == true)
  }

  @Test func endsOnConnectorsLayersAndLabelsAreLoose() throws {
    let outcome = try Fixture.read(
      Fixture.page(
        ends + Fixture.edge("e", from: "a", to: "b") + Fixture.edge("f", from: "a", to: "e")
          + Fixture.edge("g", from: "a", to: "1")))
    #expect(outcome.diagnostics.count == 2)
    #expect(outcome.diagnostics[0].message.contains("connector e"))
    #expect(outcome.diagnostics[1].message.contains("not imported"))
    #expect(outcome.row("f")?.attachedEnds == 2)
    #expect(outcome.diagram.draft.lines[1].target == nil)
  }

  @Test(arguments: [
    ("html=1;", false, "a"), ("startArrow=classic;", true, "a"),
    ("startArrow=block;endArrow=none;", false, "b"), ("startArrow=oval;endArrow=open;", false, "a"),
    ("endArrow=none;", false, "a"), ("startArrow=none;endArrow=classic;", false, "a"),
  ])
  func arrowHeadsGiveTheDirection(_ style: String, _ both: Bool, _ source: String) throws {
    let outcome = try Fixture.read(
      Fixture.page(ends + Fixture.edge("e", from: "a", to: "b", style: style)))
    let line = outcome.diagram.draft.lines[0]
    #expect(line.isBidirectional == both && line.source?.cell == source)
  }
}

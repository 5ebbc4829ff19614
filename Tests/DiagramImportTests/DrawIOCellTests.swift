import ArchitectureModel
import DiagramImport
import EngineSupport
import Testing

/// What single cells become: labels, attributes, geometry, styles, what is left out and why.
@Suite struct DrawIOCellTests {
  typealias Fixture = DrawIOFixture

  @Test func readsShapesLinesAndTheirPlaces() throws {
    let outcome = try Fixture.read(
      Fixture.page(
        "\n" + Fixture.vertex("a", "Camera", style: "shape=mxgraph.iot.camera;html=1;") + "\n"
          + Fixture.vertex("b", "Gateway", style: "ellipse;html=1;", x: 200) + "\n"
          + Fixture.edge("e", "MQTT", from: "a", to: "b")))
    let draft = outcome.diagram.draft
    #expect(outcome.diagnostics.isEmpty)
    #expect(draft.pages == [DrawnPage(id: "main", name: "Main")])
    #expect(draft.shapes.map(\.label) == ["Camera", "Gateway"])
    #expect(draft.shapes.map(\.shapeName) == ["mxgraph.iot.camera", "ellipse"])
    #expect(draft.shapes[1].bounds == DrawnBounds(x: 200, y: 0, width: 80, height: 40))
    #expect(draft.shapes[0].location.line == 3 && draft.shapes[1].location.line == 4)
    #expect(draft.shapes[0].location.path == "page \"Main\" cell a")
    #expect(draft.lines[0].label == "MQTT")
    #expect(draft.lines[0].source == draft.shapes[0].id)
    #expect(draft.lines[0].target == draft.shapes[1].id)
    #expect(draft.lines[0].location.line == 5)
    #expect(outcome.diagram.discrepancies().isEmpty)
    #expect(outcome.row("0")?.kind == .root && outcome.row("1")?.kind == .layer)
  }

  @Test(arguments: [
    ("&lt;div&gt;Dosing&lt;br&gt;pump&lt;/div&gt;", "html=1;", "Dosing pump"),
    ("&lt;b&gt;A&lt;/b&gt;&lt;i style=&quot;x:&gt;&quot;&gt;B&lt;/i&gt;", "html=1;", "AB"),
    ("a&amp;nbsp;&amp;amp;&#160;b &amp;lt;c&amp;gt;", "html=1;", "a & b <c>"),
    ("a &amp;amp;amp; b", "html=1;", "a & b"),
    ("x &lt; y", "html=1;", "x < y"),
    ("List&lt;String&gt;", "", "List<String>"),
    ("line&lt;br/&gt;break", "", "line break"),
    ("&lt;style&gt;p{}&lt;/style&gt;&lt;!-- no --&gt;text", "html=1;", "text"),
    ("&amp;#x41;&amp;#66;&amp;bogus;", "html=1;", "AB&bogus;"),
    ("  two\n\tlines ", "", "two lines"),
    ("unfinished &lt;div", "html=1;", "unfinished <div"),
  ])
  func labelsBecomePlainText(_ value: String, _ style: String, _ label: String) throws {
    let outcome = try Fixture.read(Fixture.page(Fixture.vertex("a", value, style: style)))
    #expect(outcome.diagram.draft.shapes[0].label == label)
  }

  @Test(arguments: ["html=1;", ""])
  func manyUnfinishedTagsTakeLinearTime(_ style: String) throws {
    for opening in ["&lt;x '", "&lt;x "] {
      let hostile = String(repeating: opening, count: 50_001) + "&gt;"
      let outcome = try Fixture.read(Fixture.page(Fixture.vertex("a", hostile, style: style)))
      #expect(outcome.diagram.draft.shapes.count == 1)
    }
  }

  @Test func wrappersOwnIdLabelAndCustomAttributes() throws {
    let outcome = try Fixture.read(
      Fixture.page(
        """
        <UserObject label="%role% of %site% 100%" id="u" placeholders="1" role="RTU" kind="device" tooltip="t" link="l">\
        <mxCell style="html=1;" parent="grp" vertex="1" zone="OT"><mxGeometry width="10" height="10" as="geometry"/></mxCell></UserObject>
        <object label="Plant" id="grp" site="North"><mxCell style="swimlane;html=1;" parent="1" vertex="1">\
        <mxGeometry width="100" height="100" as="geometry"/></mxCell></object>
        """))
    let shape = try #require(outcome.diagram.draft.shapes.first)
    #expect(shape.id.cell == "u" && shape.label == "RTU of North 100%")
    #expect(
      shape.attributes == [
        DrawnAttribute(name: "role", value: "RTU"), DrawnAttribute(name: "kind", value: "device"),
        DrawnAttribute(name: "zone", value: "OT"),
      ])
    #expect(shape.container?.cell == "grp" && shape.containment == .parent)
    #expect(outcome.diagram.ledger.totals.objects == 2)
  }

  @Test func placeholdersThatMultiplyTextAreStopped() throws {
    let long = String(repeating: "x", count: 1000)
    var limits = ImportLimits()
    limits.inflatedTotalBytes = 100_000
    let document = Fixture.page(
      "<object label=\"\(String(repeating: "%a%", count: 1000))\" a=\"\(long)\" id=\"o\" placeholders=\"1\">"
        + "<mxCell parent=\"1\" vertex=\"1\"/></object>")
    let found = #expect(throws: Diagnostic.self) { try Fixture.read(document, limits: limits) }
    #expect(found?.code == "import.drawio.label-too-large")
  }

  @Test func childGeometryIsRelativeEvenWhenTheParentComesLater() throws {
    let outcome = try Fixture.read(
      Fixture.page(
        Fixture.vertex("leaf", "Leaf", parent: "inner", x: 5, y: 6, width: 10, height: 10)
          + Fixture.vertex(
            "inner", "Inner", style: "container=1;", parent: "outer", x: 20, y: 30, width: 50,
            height: 50)
          + Fixture.vertex(
            "outer", "Outer", style: "swimlane;", x: 100, y: 200, width: 300, height: 300)
            + """
            <mxCell id="port" value="P1" parent="outer" vertex="1"><mxGeometry x="1" y="0.5" width="4" height="4" \
            relative="1" as="geometry"><mxPoint x="-2" y="-2" as="offset"/></mxGeometry></mxCell>
            """))
    let shapes = outcome.diagram.draft.shapes
    #expect(shapes[0].bounds == DrawnBounds(x: 125, y: 236, width: 10, height: 10))
    #expect(shapes[0].container?.cell == "inner" && shapes[1].container?.cell == "outer")
    #expect(shapes[3].bounds == DrawnBounds(x: 398, y: 348, width: 4, height: 4))
    #expect(shapes.map(\.isContainer) == [false, true, true, false])
  }

  @Test func groupsAreTransparentAndTextIsAnnotation() throws {
    let outcome = try Fixture.read(
      Fixture.page(
        Fixture.vertex("zone", "Zone", style: "swimlane;", width: 400, height: 400)
          + Fixture.vertex("g1", "", style: "group", parent: "zone", x: 10, y: 10)
          + Fixture.vertex("g2", "", style: "group", parent: "g1", x: 10, y: 10)
          + Fixture.vertex("plc", "PLC", parent: "g2", x: 1, y: 1)
          + Fixture.vertex("note", "see manual", style: "text;html=1;", parent: "zone")
          + Fixture.vertex("used", "Operator", style: "text;html=1;", x: 900)
          + Fixture.edge("e", from: "used", to: "plc")))
    let draft = outcome.diagram.draft
    #expect(draft.shapes.map(\.id.cell) == ["zone", "plc", "used"])
    #expect(draft.shapes[1].container?.cell == "zone" && draft.shapes[1].containment == .parent)
    #expect(draft.shapes[1].bounds?.x == 21)
    #expect(outcome.row("g1")?.outcome == .leftOut)
    #expect(outcome.row("g1")?.reason == "pure grouping without label")
    #expect(outcome.row("note")?.reason == "annotation text")
    #expect(outcome.diagram.discrepancies().isEmpty)
  }

  @Test func shapesDroppedOnAZoneAreFoundByGeometry() throws {
    let outcome = try Fixture.read(
      Fixture.page(
        Fixture.vertex("big", "Plant", style: "rounded=1;", width: 1000, height: 1000)
          + Fixture.vertex(
            "small", "Cell", style: "container=1;", x: 100, y: 100, width: 300, height: 300)
          + Fixture.vertex("plc", "PLC", x: 150, y: 150)
          + Fixture.vertex("out", "Straddling", x: 960, y: 150)
          + Fixture.vertex(
            "icon", "", style: "image;image=img/a.svg", x: 700, y: 700, width: 8, height: 8)
          + Fixture.vertex(
            "cloud", "Cloud", style: "ellipse;shape=cloud;", x: 2000, y: 0, width: 900)
          + Fixture.vertex("in", "On a cloud", x: 2010, y: 0)))
    let shapes = outcome.diagram.draft.shapes
    let held = shapes.map { $0.container?.cell }
    #expect(held == [nil, "big", "small", nil, nil, nil, nil])
    #expect(shapes[2].containment == .geometry && shapes[3].containment == nil)
    #expect(shapes.map(\.isContainer) == [true, true, false, false, false, false, false])
  }

  @Test func geometryNeverClosesACircle() throws {
    // The child is drawn around its own parent.
    let outcome = try Fixture.read(
      Fixture.page(
        Fixture.vertex("p", "Parent", style: "container=1;", x: 100, y: 100)
          + Fixture.vertex(
            "c", "Child", style: "container=1;", parent: "p", x: -100, y: -100, width: 900,
            height: 900)))
    #expect(outcome.diagram.draft.shapes.map { $0.container?.cell } == [nil, "p"])
  }

  @Test func parentCyclesAndDeepNestingAreLocatedErrors() throws {
    let circle = Fixture.page(
      "\n" + Fixture.vertex("a", "A", parent: "b") + Fixture.vertex("b", "B", parent: "a"))
    let found = #expect(throws: Diagnostic.self) { try Fixture.read(circle) }
    #expect(found?.code == "import.drawio.parent-cycle" && found?.location?.line == 3)
    let chain = (0..<400).map { number in
      Fixture.vertex("n\(number)", "N", parent: number == 0 ? "1" : "n\(number - 1)")
    }
    let deep = #expect(throws: Diagnostic.self) { try Fixture.read(Fixture.page(chain.joined())) }
    #expect(deep?.code == "import.drawio.too-deep")
  }

  @Test func duplicateMissingAndUnknownThingsAreReported() throws {
    let outcome = try Fixture.read(
      Fixture.page(
        Fixture.vertex("a", "First") + Fixture.vertex("a", "Second")
          + Fixture.vertex("lost", "Lost", parent: "nowhere")
          + "<mxCell value=\"No id\" parent=\"1\" vertex=\"1\"/>"
          + "<lx-settings id=\"9\"><lx-label/></lx-settings>"
          + "<mxCell id=\"p\" parent=\"a\"/>"
          + "<lxSheet id=\"w\" label=\"Wrapped\" sheet=\"7\"><mxCell parent=\"1\" vertex=\"1\"/></lxSheet>"
          + "<mxCell id=\"g\" parent=\"1\" vertex=\"1\"><mxGeometry x=\"1e999\" as=\"geometry\"/></mxCell>"
      ))
    #expect(outcome.diagram.draft.shapes.map(\.label) == ["First", "Lost", "No id", "Wrapped", ""])
    for code in [
      "duplicate-id", "missing-parent", "missing-id", "unknown-element", "geometry",
    ] {
      #expect(outcome.codes().contains("import.drawio." + code))
    }
    let ledger = outcome.diagram.ledger
    #expect(ledger.rows.count { $0.id == "a" } == 2)
    #expect(outcome.row("p")?.reason == "neither a vertex nor an edge")
    #expect(ledger.totals.unknownElements == 3)
    #expect(outcome.diagram.discrepancies().isEmpty)
  }

  @Test func hiddenLayersAreImportedWithANote() throws {
    let outcome = try Fixture.read(
      Fixture.page(
        "<mxCell id=\"L\" value=\"Old net\" parent=\"0\" visible=\"0\"/>"
          + Fixture.vertex("a", "A", parent: "L")))
    #expect(outcome.diagram.draft.shapes.map(\.label) == ["A"])
    #expect(outcome.diagnostic("import.drawio.hidden-layer")?.severity == .note)
    #expect(outcome.diagram.ledger.totals.layers == 2)
  }

  @Test(arguments: [
    ("ellipse;html=1;", "ellipse"), ("html=1;shape=cylinder3;", "cylinder3"), ("rounded=1;", ""),
    ("shape=mxgraph.aws4.resourceIcon;resIcon=mxgraph.aws4.iot_core;", "mxgraph.aws4.iot_core"),
    ("shape=mxgraph.aws4.group;grIcon=mxgraph.aws4.group_vpc;", "mxgraph.aws4.group_vpc"),
    ("image;image=img/lib/azure2/iot/IoT_Hub.svg", "img/lib/azure2/iot/IoT_Hub.svg"),
    ("shape=image;image=data:image/png,AAAA;", "image"), ("", ""), (";;=;x", ""),
  ])
  func shapeNames(_ style: String, _ name: String) throws {
    let outcome = try Fixture.read(Fixture.page(Fixture.vertex("a", "A", style: style)))
    #expect(outcome.diagram.draft.shapes[0].shapeName == name)
  }

  @Test func sourceBytesIgnoreWhiteSpaceAndAttributeOrder() throws {
    let one = try Fixture.read(
      Fixture.page(
        "<object id='o' label='A' k='1'><mxCell vertex='1' parent='1' style='x'><mxGeometry x='1' as='geometry'/></mxCell></object>"
      ))
    let two = try Fixture.read(
      Fixture.page(
        "<object k='1'  label='A'\n id='o'>\n <mxCell style=\"x\" parent='1' vertex='1'>\n  <mxGeometry as='geometry' x='1'/> </mxCell>\n</object>"
      ))
    let other = try Fixture.read(
      Fixture.page(
        "<object id='o' label='A' k='2'><mxCell vertex='1' parent='1' style='x'><mxGeometry x='1' as='geometry'/></mxCell></object>"
      ))
    #expect(one.diagram.draft.shapes[0].source == two.diagram.draft.shapes[0].source)
    #expect(one.diagram.draft.shapes[0].source != other.diagram.draft.shapes[0].source)
    let text = String(decoding: one.diagram.draft.shapes[0].source, as: UTF8.self)
    #expect(
      text.hasPrefix("{\"attributes\":{\"id\":\"o\",\"k\":\"1\",\"label\":\"A\"},\"children\":["))
  }
}

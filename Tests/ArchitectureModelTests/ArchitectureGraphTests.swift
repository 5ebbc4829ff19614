import ArchitectureModel
import EngineSupport
import Testing

@Suite struct ArchitectureGraphTests {
  private func shape(
    _ cell: String, _ label: String, kind: String? = nil, in container: String? = nil,
    isContainer: Bool = false
  ) -> DrawnShape {
    DrawnShape(
      id: DrawnID(page: "p", cell: cell), label: label,
      attributes: kind.map { [DrawnAttribute(name: "kind", value: $0)] } ?? [], shapeName: "",
      container: container.map { DrawnID(page: "p", cell: $0) },
      containment: container == nil ? nil : .parent, isContainer: isContainer, bounds: nil,
      alsoDrawnAs: [], location: SourceLocation(document: "d", line: 1), source: Array(cell.utf8))
  }

  private func line(_ cell: String, _ source: String?, _ target: String?) -> DrawnLine {
    DrawnLine(
      id: DrawnID(page: "p", cell: cell), label: cell, attributes: [],
      source: source.map { DrawnID(page: "p", cell: $0) },
      target: target.map { DrawnID(page: "p", cell: $0) }, isBidirectional: false,
      location: SourceLocation(document: "d", line: 2), sourceBytes: Array(cell.utf8))
  }

  private func graph(
    _ shapes: [DrawnShape], _ lines: [DrawnLine] = [],
    declared: [(String, ComponentKind)] = [], flows: [FlowDeclaration] = []
  ) -> (graph: ArchitectureGraph, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    let graph = ArchitectureGraph(
      checking: [
        ArchitectureDraft(
          document: "d", pages: [DrawnPage(id: "p", name: "P")], shapes: shapes, lines: lines)
      ],
      declarations: declared.map {
        ComponentDeclaration(
          drawn: $0.0, kind: $0.1, location: SourceLocation(document: "y", line: 9))
      }, flows: flows, reportingTo: &diagnostics)
    return (graph, diagnostics)
  }

  @Test func kindsComeFromDeclarationThenDrawingThenNothing() {
    let (graph, diagnostics) = graph(
      [
        shape("z", "Zone A", isContainer: true),
        shape("d", "Device", kind: "embedded-device", in: "z", isContainer: true),
        shape("c", "Camera", kind: "sensor", in: "d"), shape("s", "Server", in: "z"),
        shape("x", "Mystery", in: "z"),
      ], declared: [("Server", .historian)])
    #expect(graph.zones.map(\.name) == ["Zone A"])
    #expect(graph.components.map(\.name) == ["Device", "Camera", "Server", "Mystery"])
    #expect(graph.components.map(\.kind) == [.embeddedDevice, .sensor, .historian, .unknown])
    #expect(
      graph.components.map(\.basis) == [
        .drawnAttribute, .drawnAttribute, .productFile, .assumed,
      ])
    #expect(graph.components.map(\.zone) == [0, 0, 0, 0])
    #expect(graph.components.map(\.enclosure) == [nil, 0, nil, nil])
    #expect(diagnostics.all.map(\.code) == ["architecture.kind.missing"])
  }

  @Test func openLinesAreKeptAndZoneEndsReported() {
    let (graph, diagnostics) = graph(
      [
        shape("z", "Zone", isContainer: true), shape("a", "A", kind: "gateway", in: "z"),
        shape("b", "B", kind: "historian"),
      ], [line("ab", "a", "b"), line("open", "a", nil), line("zone", "a", "z")])
    #expect(graph.flows.map(\.name) == ["A → B"])
    #expect(graph.openFlows.map(\.label) == ["open", "zone"])
    #expect(diagnostics.all.map(\.code) == ["architecture.flow.ends-at-zone"])
  }

  @Test func zonesAreJoinedByLinesAndByWhatForwards() {
    let (graph, diagnostics) = graph(
      [
        shape("z1", "Plant", isContainer: true), shape("z2", "Office", isContainer: true),
        shape("z3", "DMZ", isContainer: true), shape("fw", "Firewall", kind: "firewall", in: "z3"),
        shape("h", "Historian", kind: "historian", in: "z1"),
      ],
      [
        line("ways", "z1", "z2"), line("up", "fw", "z2"), line("down", "z1", "fw"),
        line("self", "z1", "z1"), line("host", "h", "z2"),
      ])
    #expect(graph.conduits.map(\.name) == ["Plant – Office", "through Firewall"])
    #expect(graph.conduits.map(\.zones) == [[0, 1], [2, 1, 0]])
    #expect(graph.conduits.map(\.guards) == [[], [0]])
    #expect(graph.conduits[1].drawn.map(\.id.cell) == ["up", "down"])
    #expect(graph.openFlows.map(\.label) == ["self", "host"])
    #expect(
      diagnostics.all.map(\.code) == Array(repeating: "architecture.flow.ends-at-zone", count: 2))
    #expect(graph.conduit(called: "ways") == 0 && graph.conduit(called: "through Firewall") == 1)
  }

  @Test func linesAreDeclaredByCellNameOrLabel() throws {
    func say(_ drawn: String, _ name: String) -> FlowDeclaration {
      FlowDeclaration(
        drawn: drawn, protocolName: name, isReference: false,
        location: SourceLocation(document: "y", line: 3))
    }
    let (graph, diagnostics) = graph(
      [shape("a", "A", kind: "gateway"), shape("b", "B", kind: "historian")],
      [line("one", "a", "b"), line("two", "b", "a")],
      flows: [say("one", "MQTT"), say("B → A", "OPC UA"), say("three", "HTTP")])
    #expect(graph.flows.map { $0.declaration?.protocolName } == ["MQTT", "OPC UA"])
    let unknown = try #require(diagnostics.all.first)
    #expect(unknown.code == "product.flow.unknown" && unknown.location?.line == 3)
    #expect(unknown.hint?.contains("two (B → A)") == true, "\(unknown)")
  }

  @Test func sharedLabelsAreToldApartAndAmbiguityIsAnError() {
    let (graph, diagnostics) = graph(
      [shape("a", "PLC", kind: "gateway"), shape("b", "PLC", kind: "gateway")],
      declared: [("PLC", .historian), ("Nothing", .historian)])
    #expect(graph.components.map(\.name) == ["PLC [p/a]", "PLC [p/b]"])
    #expect(
      diagnostics.all.map(\.code) == ["product.component.ambiguous", "product.component.unknown"])
    #expect(diagnostics.all[0].hint?.contains("a, b") == true)
    #expect(throws: Diagnostic.self) { try graph.component(called: "PLC", at: nil) }
    #expect((try? graph.component(called: "b", at: nil)) == 1)
  }

  @Test func anUnknownDrawnKindIsSaid() {
    let (graph, diagnostics) = graph([shape("a", "A", kind: "toaster")])
    #expect(graph.components[0].kind == .unknown)
    #expect(
      diagnostics.all.map(\.code) == ["architecture.kind.unknown", "architecture.kind.missing"])
  }
}

import ArchitectureModel
import EngineSupport
import Testing
import ThreatKnowledge
import ThreatLanguage

/// The binding table at work: what drawn things become, and that each asset and link says why.
@Suite struct BindingTests {
  private func shape(
    _ cell: String, _ kind: String? = nil, in container: String? = nil, isContainer: Bool = false
  ) -> DrawnShape {
    DrawnShape(
      id: DrawnID(page: "p", cell: cell), label: cell,
      attributes: kind.map { [DrawnAttribute(name: "kind", value: $0)] } ?? [], shapeName: "",
      container: container.map { DrawnID(page: "p", cell: $0) },
      containment: container == nil ? nil : .parent, isContainer: isContainer, bounds: nil,
      alsoDrawnAs: [], location: SourceLocation(document: "d", line: 1), source: Array(cell.utf8))
  }

  private func line(
    _ from: String, _ to: String, _ label: String, named attribute: String? = nil,
    isBidirectional: Bool = false
  ) -> DrawnLine {
    DrawnLine(
      id: DrawnID(page: "p", cell: "\(from)-\(to)"), label: label,
      attributes: attribute.map { [DrawnAttribute(name: "protocol", value: $0)] } ?? [],
      source: DrawnID(page: "p", cell: from), target: DrawnID(page: "p", cell: to),
      isBidirectional: isBidirectional, location: SourceLocation(document: "d", line: 2),
      sourceBytes: Array(label.utf8))
  }

  private func bind(
    _ shapes: [DrawnShape], _ lines: [DrawnLine],
    _ defenses: BoundInstance.DefenseStatements = BoundInstance.DefenseStatements()
  ) throws -> (bound: BoundInstance, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    let language = try #require(
      CompiledLanguage(sources: IndustrialLanguage.sources, reportingTo: &diagnostics))
    let architecture = ArchitectureGraph(
      checking: [
        ArchitectureDraft(
          document: "d", pages: [DrawnPage(id: "p", name: "P")], shapes: shapes, lines: lines)
      ], declarations: [], reportingTo: &diagnostics)
    let bound = BoundInstance(
      binding: architecture, defenses: defenses, in: language, reportingTo: &diagnostics)
    bound.model.check(against: language, reportingTo: &diagnostics)
    #expect(!diagnostics.hasErrors, "\(diagnostics.all)")
    #expect(bound.basis.count == bound.model.assets.count)
    #expect(bound.linkBasis.count == bound.model.links.count)
    return (bound, diagnostics)
  }

  @Test(arguments: [
    ("MQTT 3.1.1 over Wi-Fi", "mqtt"), ("set-point, Modbus/TCP", "modbus"),
    ("Modbus RTU on RS-485", "rs-485"), ("OPC UA over TLS", "opc-ua"), ("4–20 mA", "analog-loop"),
    ("GOOSE trip", "goose"), ("IEC 61850-9-2 SV", "sampled-values"), ("IEC 61850", "mms"),
    ("DNP3 Secure Authentication", "dnp3-secure"), ("dnp3", "dnp3"),
    ("WirelessHART", "wireless-hart"),
    ("HART 7", "hart"), ("HTTPS, signed image", "https"), ("http", "http"), ("BLE", "bluetooth"),
    ("EtherNet/IP", "ethernet-ip"), ("Ethernet", "network"), ("T104", "iec-60870-5-104"),
  ])
  func labelsNameProtocols(_ label: String, _ row: String) throws {
    let found = try #require(BindingTable.protocolRow(namedIn: label), "\(label)")
    #expect(found.row.id == "protocol/\(row)", "\(label)")
  }

  @Test(arguments: ["", "light", "digit, score", "cannery", "portal", "busy", "–"])
  func otherWordsNameNone(_ label: String) {
    #expect(BindingTable.protocolRow(namedIn: label) == nil)
  }

  @Test func everyProtocolIsFoundByItsOwnNames() throws {
    for entry in BindingTable.protocols {
      for name in entry.names {
        let found = try #require(BindingTable.protocolRow(namedIn: name))
        #expect(found.row.id == entry.row.id, "\(name)")
      }
    }
  }

  @Test func flowsSayWhereTheirProtocolIsNamed() throws {
    let shapes = [shape("a", "gateway"), shape("b", "historian"), shape("c", "control-server")]
    let (bound, diagnostics) = try bind(
      shapes,
      [
        line("a", "b", "values", named: "MQTT"),
        line("b", "c", "Modbus/TCP", isBidirectional: true),
        line("a", "c", "Modbus/TCP", named: "Modbuss"),
      ])
    let flows = bound.assetOfFlow.compactMap(\.self)
    #expect(flows.map { bound.model.assets[$0].type } == ["MqttFlow", "ModbusFlow", "ModbusFlow"])
    #expect(
      flows.map { bound.basis[$0].namedIn } == [
        "attribute \"protocol\" \"MQTT\"", "label \"Modbus/TCP\"", "label \"Modbus/TCP\"",
      ])
    let back = bound.model.assets[flows[1] + 1]
    #expect(back.name == "b → c, back" && back.type == "ModbusFlow")
    #expect(diagnostics.all.map(\.code) == ["architecture.protocol.unknown"])
    #expect(diagnostics.all[0].hint == "did you mean `Modbus`?")
  }

  @Test func someLinesAreRelationsAndCarryNothing() throws {
    let (bound, _) = try bind(
      [
        shape("login", "account"), shape("server", "historian"), shape("key", "trust-anchor"),
        shape("agent", "update-agent"), shape("stick", "removable-media"),
        shape("sis", "safety-controller"), shape("valve", "actuator"),
      ],
      [
        line("server", "login", ""), line("key", "agent", ""), line("stick", "server", ""),
        line("sis", "valve", "trip"),
      ])
    let names = bound.model.links.map(\.association)
    #expect(names == ["Opens", "Believes", "PluggedInto", "Protects", "Sends", "Receives"])
    #expect(bound.assetOfFlow.map { $0 == nil } == [true, true, true, false])
    let opens = bound.model.links[0]
    #expect(bound.model.assets[opens.left].name == "login", "the account is the left end")
    #expect(bound.linkBasis[0].row.id == "relation/opens")
  }

  @Test func conduitsJoinZonesAndFirewallsGuardThem() throws {
    let (bound, _) = try bind(
      [
        shape("plant", isContainer: true), shape("office", isContainer: true),
        shape("plc", "controller", in: "plant"), shape("pc", "workstation", in: "office"),
        shape("fw", "firewall"),
      ], [line("fw", "plant", ""), line("fw", "office", "")])
    let conduit = bound.model.assets[bound.assetOfConduit[0]]
    #expect(conduit.type == "Conduit" && conduit.name == "Conduit through fw")
    let joins = bound.model.links.filter { $0.association == "Joins" }
    #expect(joins.map { bound.model.assets[$0.left].name } == ["Zone plant", "Zone office"])
    #expect(bound.model.links.contains { $0.association == "Guards" })
  }

  @Test func referencesAreNoReadings() throws {
    let (bound, _) = try bind(
      [shape("office", "reference-source"), shape("scada", "control-server")],
      [line("office", "scada", "limits"), line("office", "scada", "limits, OPC UA")])
    let flows = bound.assetOfFlow.compactMap(\.self)
    #expect(flows.map { bound.model.assets[$0].type } == ["ReferenceFlow", "OpcUaFlow"])
    let compares = bound.model.links.filter { $0.association == "ComparesWith" }
    #expect(compares.map(\.right) == flows)
  }

  @Test func statedDefencesReachTheirAssets() throws {
    var stated = BoundInstance.DefenseStatements()
    stated.state("patched", at: 0.5, of: .component(0))
    stated.state("messageAuthentication", at: 1, of: .flow(0))
    stated.state("staticNetwork", at: 0.25, of: .zone(0))
    let (bound, _) = try bind(
      [shape("z", isContainer: true), shape("a", "gateway", in: "z"), shape("b", "historian")],
      [line("a", "b", "MQTT", isBidirectional: true)], stated)
    #expect(bound.model.assets[bound.assetOfComponent[0]].defenses == ["patched": 0.5])
    #expect(bound.model.assets[bound.assetOfZone[0]].defenses == ["staticNetwork": 0.25])
    let flow = try #require(bound.assetOfFlow[0])
    #expect(bound.model.assets[flow].defenses == ["messageAuthentication": 1])
    #expect(bound.model.assets[flow + 1].defenses == ["messageAuthentication": 1], "both ways")
  }
}

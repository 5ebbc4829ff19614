import ArchitectureModel
import EngineSupport
import ThreatLanguage

/// Makes assets and links from an architecture, row by row of the binding table.
struct Binder {
  private let architecture: ArchitectureGraph
  private let defenses: BoundInstance.DefenseStatements
  private let language: CompiledLanguage

  private var assets: [InstanceModel.Asset] = []
  private var basis: [BoundInstance.Basis] = []
  private var links: [InstanceModel.Link] = []
  private var linkBasis: [BoundInstance.LinkBasis] = []
  private var names: [String: Int] = [:]

  init(
    _ architecture: ArchitectureGraph, _ defenses: BoundInstance.DefenseStatements,
    _ language: CompiledLanguage
  ) {
    self.architecture = architecture
    self.defenses = defenses
    self.language = language
  }

  mutating func bind(reportingTo diagnostics: inout Diagnostics) -> BoundInstance {
    let zones = bindZones()
    let components = bindComponents(zones)
    let conduits = bindConduits(zones, components)
    let flows = architecture.flows.indices.map { bindFlow($0, components, &diagnostics) }
    return BoundInstance(
      model: InstanceModel(assets: assets, links: links), basis: basis, linkBasis: linkBasis,
      assetOfComponent: components, assetOfZone: zones, assetOfFlow: flows,
      assetOfConduit: conduits)
  }

  // MARK: - Assets

  private mutating func add(
    _ name: String, _ type: String, _ row: BindingTable.Row, _ drawn: [DrawnReference],
    kind: KindBasis? = nil, namedIn: String? = nil, defenses: [String: Double]? = nil
  ) -> Int {
    names[name, default: 0] += 1
    let count = names[name] ?? 1
    assets.append(
      InstanceModel.Asset(name: count == 1 ? name : "\(name) (\(count))", type: type))
    assets[assets.count - 1].defenses = defenses ?? [:]
    basis.append(
      BoundInstance.Basis(row: row, drawn: drawn, kindBasis: kind, namedIn: namedIn))
    return assets.count - 1
  }

  private mutating func link(
    _ association: String, _ left: Int, _ right: Int, _ row: BindingTable.Row,
    _ drawn: [DrawnReference]
  ) {
    links.append(InstanceModel.Link(association: association, left: left, right: right))
    linkBasis.append(BoundInstance.LinkBasis(row: row, drawn: drawn))
  }

  private func isKind(_ asset: Int, of type: String) -> Bool {
    language.isType(assets[asset].type, kindOf: type)
  }

  private mutating func bindZones() -> [Int] {
    architecture.zones.indices.map { index in
      let zone = architecture.zones[index]
      return add(
        "Zone \(zone.name)", BindingTable.zoneRow.becomes, BindingTable.zoneRow, zone.drawn,
        kind: .container, defenses: defenses.zones[index])
    }
  }

  private mutating func bindComponents(_ zones: [Int]) -> [Int] {
    let ofComponent = architecture.components.indices.map { index in
      let component = architecture.components[index]
      let row = BindingTable.row(for: component.kind)
      return add(
        component.name, row.becomes, row, component.drawn, kind: component.basis,
        defenses: defenses.components[index])
    }
    for (index, component) in architecture.components.enumerated() {
      let asset = ofComponent[index]
      if let zone = component.zone {
        link("Contains", zones[zone], asset, BindingTable.containsRow, component.drawn)
      }
      if let host = component.enclosure, isKind(ofComponent[host], of: "Node") {
        link("Runs", ofComponent[host], asset, BindingTable.runsRow, component.drawn)
      }
    }
    return ofComponent
  }

  private mutating func bindConduits(_ zones: [Int], _ components: [Int]) -> [Int] {
    architecture.conduits.indices.map { index in
      let conduit = architecture.conduits[index]
      let asset = add(
        "Conduit \(conduit.name)", BindingTable.conduitRow.becomes, BindingTable.conduitRow,
        conduit.drawn, defenses: defenses.conduits[index])
      for zone in conduit.zones {
        link("Joins", zones[zone], asset, BindingTable.joinsRow, conduit.drawn)
      }
      for component in conduit.guards where isKind(components[component], of: "Firewall") {
        link("Guards", components[component], asset, BindingTable.guardsRow, conduit.drawn)
      }
      return asset
    }
  }

  // MARK: - Lines

  private mutating func bindFlow(
    _ index: Int, _ components: [Int], _ diagnostics: inout Diagnostics
  ) -> Int? {
    let flow = architecture.flows[index]
    let (source, target) = (components[flow.source], components[flow.target])
    if let relation = relation(between: source, target) {
      let isForward = isKind(source, of: relation.left) && isKind(target, of: relation.right)
      link(
        relation.association, isForward ? source : target, isForward ? target : source,
        relation.row, [flow.drawn])
      guard relation.isFlowToo else { return nil }
    }
    let isReference =
      flow.declaration?.isReference == true
      || architecture.components[flow.source].kind == .referenceSource
    let found = BoundInstance.protocolRow(of: flow, reportingTo: &diagnostics)
    let row =
      found?.row.row ?? (isReference ? BindingTable.referenceFlowRow : BindingTable.flowRow)
    let stated = defenses.flows[index]
    let forward = add(
      flow.name, row.becomes, row, [flow.drawn], namedIn: found?.namedIn, defenses: stated)
    connect(forward, from: source, to: target, flow.drawn, isReference: isReference)
    if flow.isBidirectional {
      let back = add(
        "\(flow.name), back", found == nil ? BindingTable.flowRow.becomes : row.becomes,
        BindingTable.backFlowRow, [flow.drawn], namedIn: found?.namedIn, defenses: stated)
      connect(back, from: target, to: source, flow.drawn, isReference: false)
    }
    return forward
  }

  private func relation(between source: Int, _ target: Int) -> BindingTable.RelationRow? {
    BindingTable.relations.first { row in
      isKind(source, of: row.left) && isKind(target, of: row.right)
        || isKind(target, of: row.left) && isKind(source, of: row.right)
    }
  }

  private mutating func connect(
    _ flow: Int, from source: Int, to target: Int, _ drawn: DrawnReference, isReference: Bool
  ) {
    link("Sends", source, flow, BindingTable.sendsRow, [drawn])
    link("Receives", target, flow, BindingTable.receivesRow, [drawn])
    if isReference { link("ComparesWith", target, flow, BindingTable.comparesRow, [drawn]) }
  }
}

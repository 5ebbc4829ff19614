public import ArchitectureModel
public import ThreatLanguage

extension BoundInstance {
  /// Applies the binding table to an architecture; the same architecture gives the same model.
  ///
  /// `defenses` holds, by component index, the probabilities (0…1) that named defences are in place.
  public init(
    binding architecture: ArchitectureGraph, defenses: [Int: [String: Double]],
    in language: CompiledLanguage
  ) {
    var assets: [InstanceModel.Asset] = []
    var basis: [Basis] = []
    var links: [InstanceModel.Link] = []

    func add(_ name: String, _ row: BindingTable.Row, _ drawn: [DrawnReference], _ kind: KindBasis?)
      -> Int
    {
      assets.append(InstanceModel.Asset(name: name, type: row.becomes))
      basis.append(Basis(row: row, drawn: drawn, kindBasis: kind))
      return assets.count - 1
    }

    let zoneNames = Self.unique(architecture.zones.map { "Zone \($0.name)" })
    let ofZone = architecture.zones.indices.map { index in
      add(zoneNames[index], BindingTable.zoneRow, architecture.zones[index].drawn, .container)
    }
    let ofComponent = architecture.components.indices.map { index in
      let component = architecture.components[index]
      let asset = add(
        component.name, BindingTable.row(for: component.kind), component.drawn, component.basis)
      assets[asset].defenses = defenses[index] ?? [:]
      return asset
    }
    for (index, component) in architecture.components.enumerated() {
      let asset = ofComponent[index]
      if let zone = component.zone {
        links.append(
          InstanceModel.Link(association: "Contains", left: ofZone[zone], right: asset))
      }
      if let host = component.enclosure,
        language.isType(assets[ofComponent[host]].type, kindOf: "Node")
      {
        links.append(
          InstanceModel.Link(association: "Runs", left: ofComponent[host], right: asset))
      }
    }

    func connect(_ flow: Int, from source: Int, to target: Int) {
      links.append(
        InstanceModel.Link(association: "Sends", left: ofComponent[source], right: flow))
      links.append(
        InstanceModel.Link(association: "Receives", left: ofComponent[target], right: flow))
    }
    let ofFlow = architecture.flows.map { flow in
      let isReference = architecture.components[flow.source].kind == .referenceSource
      let row = isReference ? BindingTable.referenceFlowRow : BindingTable.flowRow
      let forward = add(flow.name, row, [flow.drawn], nil)
      connect(forward, from: flow.source, to: flow.target)
      if flow.isBidirectional {
        let back = add("\(flow.name), back", BindingTable.backFlowRow, [flow.drawn], nil)
        connect(back, from: flow.target, to: flow.source)
      }
      return forward
    }
    model = InstanceModel(assets: assets, links: links)
    self.basis = basis
    assetOfComponent = ofComponent
    assetOfZone = ofZone
    assetOfFlow = ofFlow
  }

  /// Appends " (2)", " (3)" … to repeated names.
  private static func unique(_ names: [String]) -> [String] {
    var seen: [String: Int] = [:]
    return names.map { name in
      seen[name, default: 0] += 1
      let count = seen[name] ?? 1
      return count == 1 ? name : "\(name) (\(count))"
    }
  }
}

import EngineSupport

/// Sorts drawn lines: flows between components, conduits between zones, and lines that stay open.
struct LineReader {
  private let checker: DraftChecker
  /// For each box its index among the components, or among the zones.
  private let position: [Int]
  private let components: [ArchitectureGraph.Component]
  private let zoneNames: [String]

  private(set) var flows: [ArchitectureGraph.DataFlow] = []
  private(set) var open: [ArchitectureGraph.OpenFlow] = []
  private(set) var conduits: [ArchitectureGraph.Conduit] = []
  /// By component that forwards: the zones it is attached to, and by which lines.
  private var attachments: [Int: [Attachment]] = [:]
  private var nameCount: [String: Int] = [:]

  /// Kinds that forward between the zones they are attached to.
  private static let boundaryKinds: Set<ComponentKind> = [.firewall, .gateway, .networkDevice]

  init(
    checker: DraftChecker, position: [Int], components: [ArchitectureGraph.Component],
    zones: [String]
  ) {
    self.checker = checker
    self.position = position
    self.components = components
    zoneNames = zones
  }

  private struct Attachment {
    var zone: Int
    var line: DrawnLine
    var drawn: DrawnReference
    /// The line leads from the component to the zone.
    var isOutward: Bool
  }

  private enum End {
    case component(Int)
    case zone(Int)
    case nothing

    var index: Int? {
      if case .component(let index) = self { index } else { nil }
    }

    var isAtZone: Bool {
      if case .zone = self { true } else { false }
    }
  }

  mutating func read(_ draft: ArchitectureDraft, reportingTo diagnostics: inout Diagnostics) {
    for line in draft.lines {
      let drawn = DrawnReference(
        document: draft.document, id: line.id, location: line.location, source: line.sourceBytes)
      let (source, target) = (end(line.source, in: draft), end(line.target, in: draft))
      switch (source, target) {
      case (.component(let from), .component(let to)):
        flows.append(
          ArchitectureGraph.DataFlow(
            name: unique("\(components[from].name) → \(components[to].name)"), label: line.label,
            attributes: line.attributes, source: from, target: to,
            isBidirectional: line.isBidirectional, declaration: nil, drawn: drawn))
      case (.zone(let one), .zone(let other)) where one != other:
        conduits.append(
          ArchitectureGraph.Conduit(
            name: unique("\(zoneNames[one]) – \(zoneNames[other])"), label: line.label,
            zones: [one, other], guards: [], drawn: [drawn]))
      case (.component(let component), .zone(let zone)) where isBoundary(component):
        attachments[component, default: []].append(
          Attachment(zone: zone, line: line, drawn: drawn, isOutward: true))
      case (.zone(let zone), .component(let component)) where isBoundary(component):
        attachments[component, default: []].append(
          Attachment(zone: zone, line: line, drawn: drawn, isOutward: false))
      default: keepOpen(line, from: source, to: target, drawn, reportingTo: &diagnostics)
      }
    }
  }

  private func isBoundary(_ component: Int) -> Bool {
    Self.boundaryKinds.contains(components[component].kind)
  }

  private func end(_ id: DrawnID?, in draft: ArchitectureDraft) -> End {
    guard let id,
      let box = checker.boxOfCell[DraftChecker.Key(document: draft.document, id: id)]
    else { return .nothing }
    return checker.boxes[box].kind == .zone ? .zone(position[box]) : .component(position[box])
  }

  private mutating func unique(_ name: String) -> String {
    nameCount[name, default: 0] += 1
    let count = nameCount[name] ?? 1
    return count == 1 ? name : "\(name) (\(count))"
  }

  private mutating func keepOpen(
    _ line: DrawnLine, from source: End, to target: End, _ drawn: DrawnReference,
    reportingTo diagnostics: inout Diagnostics
  ) {
    open.append(
      ArchitectureGraph.OpenFlow(
        label: line.label, source: source.index, target: target.index, drawn: drawn))
    guard source.isAtZone || target.isAtZone else { return }
    diagnostics.report(
      Diagnostic(
        .warning, "architecture.flow.ends-at-zone",
        "the line \"\(line.label)\" ends at a zone, which sends and receives nothing itself",
        at: line.location,
        hint: "attach it to the component inside that is meant, or to a firewall or gateway"))
  }

  /// After all drafts: what forwards between two zones or more is a conduit, in the order of components.
  mutating func joinZones(reportingTo diagnostics: inout Diagnostics) {
    for index in components.indices {
      guard let ends = attachments[index] else { continue }
      var zones: [Int] = []
      for zone in [components[index].zone].compactMap(\.self) + ends.map(\.zone)
      where !zones.contains(zone) {
        zones.append(zone)
      }
      guard zones.count > 1 else {
        for end in ends {
          let ends: (End, End) =
            end.isOutward
            ? (.component(index), .zone(end.zone)) : (.zone(end.zone), .component(index))
          keepOpen(end.line, from: ends.0, to: ends.1, end.drawn, reportingTo: &diagnostics)
        }
        continue
      }
      conduits.append(
        ArchitectureGraph.Conduit(
          name: "through \(components[index].name)", label: "", zones: zones, guards: [index],
          drawn: ends.map(\.drawn)))
    }
  }

  mutating func apply(
    _ declarations: [FlowDeclaration], reportingTo diagnostics: inout Diagnostics
  ) {
    guard !declarations.isEmpty else { return }
    let known = ArchitectureGraph(
      components: components, zones: [], flows: flows, conduits: [], openFlows: [])
    for declaration in declarations {
      do throws(Diagnostic) {
        let index = try known.flow(called: declaration.drawn, at: declaration.location)
        flows[index].declaration = declaration
      } catch {
        diagnostics.report(error)
      }
    }
  }
}

public import EngineSupport

extension ArchitectureGraph {
  /// Checks drafts against what the product file declares, and joins them to one graph.
  ///
  /// A box's kind comes from its declaration, else from its drawn `kind` attribute, else it is a zone if it
  /// contains others and `unknown` if not; nothing is guessed from names or pictures. A line between two
  /// components is a flow; any other line is reported and kept as open.
  public init(
    checking drafts: [ArchitectureDraft], declarations: [ComponentDeclaration],
    reportingTo diagnostics: inout Diagnostics
  ) {
    var checker = DraftChecker()
    for draft in drafts { checker.collect(draft) }
    checker.apply(declarations, reportingTo: &diagnostics)
    self = checker.graph(of: drafts, reportingTo: &diagnostics)
  }

  /// The component that a product file means by `name`: a cell id, else a label that only one box has.
  public func component(
    called name: String, at location: SourceLocation?
  ) throws(Diagnostic) -> Int {
    var matches = components.indices.filter { index in
      components[index].drawn.contains { $0.id.cell == name }
    }
    if matches.isEmpty { matches = components.indices.filter { components[$0].name == name } }
    if matches.isEmpty {
      matches = components.indices.filter { components[$0].name.hasPrefix(name + " [") }
    }
    if matches.count == 1 { return matches[0] }
    guard matches.isEmpty else {
      throw Diagnostic(
        "product.component.ambiguous", "several drawn boxes are called \"\(name)\"", at: location,
        hint: "use the cell id: "
          + matches.map { components[$0].drawn[0].id.cell }.joined(separator: ", "))
    }
    throw Diagnostic(
      "product.component.unknown", "no drawn component has the label or cell id \"\(name)\"",
      at: location,
      hint: "drawn components: " + components.map(\.name).sorted().joined(separator: ", "))
  }
}

/// The steps from drafts to a graph; holds the tables that the steps share.
private struct DraftChecker {
  private struct Box {
    var document: String
    var shape: DrawnShape
    var kind: ComponentKind
    var basis: KindBasis
  }

  private struct Key: Hashable {
    var document: String
    var id: DrawnID
  }

  private var boxes: [Box] = []
  private var boxOfCell: [Key: Int] = [:]

  mutating func collect(_ draft: ArchitectureDraft) {
    for shape in draft.shapes {
      let attribute = shape.attributes.first { $0.name == "kind" }?.value
      let drawnKind = attribute.flatMap { ComponentKind(rawValue: $0) }
      let basis: KindBasis =
        drawnKind != nil ? .drawnAttribute : shape.isContainer ? .container : .assumed
      let kind = drawnKind ?? (shape.isContainer ? .zone : .unknown)
      for id in [shape.id] + shape.alsoDrawnAs {
        boxOfCell[Key(document: draft.document, id: id)] = boxes.count
      }
      boxes.append(Box(document: draft.document, shape: shape, kind: kind, basis: basis))
    }
  }

  mutating func apply(
    _ declarations: [ComponentDeclaration], reportingTo diagnostics: inout Diagnostics
  ) {
    for declaration in declarations {
      var matches = boxes.indices.filter { index in
        let shape = boxes[index].shape
        return ([shape.id] + shape.alsoDrawnAs).contains { $0.cell == declaration.drawn }
      }
      if matches.isEmpty {
        matches = boxes.indices.filter { boxes[$0].shape.label == declaration.drawn }
      }
      switch matches.count {
      case 1:
        boxes[matches[0]].kind = declaration.kind
        boxes[matches[0]].basis = .productFile
      case 0:
        diagnostics.report(
          Diagnostic(
            "product.component.unknown",
            "no drawn box has the label or cell id \"\(declaration.drawn)\"",
            at: declaration.location,
            hint: "drawn: "
              + boxes.map(\.shape.label).filter { !$0.isEmpty }.sorted().joined(separator: ", ")))
      default:
        diagnostics.report(
          Diagnostic(
            "product.component.ambiguous",
            "several drawn boxes are called \"\(declaration.drawn)\"", at: declaration.location,
            hint: "use the cell id: "
              + matches.map { boxes[$0].shape.id.cell }.joined(separator: ", ")))
      }
    }
  }

  func graph(
    of drafts: [ArchitectureDraft], reportingTo diagnostics: inout Diagnostics
  ) -> ArchitectureGraph {
    let position = positions()
    var components: [ArchitectureGraph.Component] = []
    var zones: [ArchitectureGraph.Zone] = []
    var labelCount: [String: Int] = [:]
    for box in boxes where box.kind != .zone { labelCount[box.shape.label, default: 0] += 1 }
    for box in boxes {
      let drawn = ([box.shape.id] + box.shape.alsoDrawnAs).map { id in
        DrawnReference(
          document: box.document, id: id, location: box.shape.location, source: box.shape.source)
      }
      let (zone, enclosure) = surroundings(of: box, position: position)
      let label = box.shape.label.isEmpty ? "unnamed" : box.shape.label
      if box.kind == .zone {
        zones.append(ArchitectureGraph.Zone(name: label, parent: zone, drawn: drawn))
        continue
      }
      let isUnique = labelCount[box.shape.label] == 1 && !box.shape.label.isEmpty
      components.append(
        ArchitectureGraph.Component(
          name: isUnique ? label : "\(label) [\(box.shape.id)]", kind: box.kind, basis: box.basis,
          zone: zone, enclosure: enclosure, attributes: box.shape.attributes, drawn: drawn))
      report(box, to: &diagnostics)
    }
    let (flows, open) = lines(
      of: drafts, position: position, names: components.map(\.name), reportingTo: &diagnostics)
    return ArchitectureGraph(components: components, zones: zones, flows: flows, openFlows: open)
  }

  private func report(_ box: Box, to diagnostics: inout Diagnostics) {
    if let said = box.shape.attributes.first(where: { $0.name == "kind" })?.value,
      ComponentKind(rawValue: said) == nil
    {
      diagnostics.report(
        Diagnostic(
          .warning, "architecture.kind.unknown", "the drawn kind \"\(said)\" is not a known kind",
          at: box.shape.location,
          hint: "known kinds: "
            + ComponentKind.allCases.map(\.rawValue).sorted().joined(separator: ", ")))
    }
    if box.kind == .unknown {
      diagnostics.report(
        Diagnostic(
          .warning, "architecture.kind.missing",
          "nothing says what \"\(box.shape.label)\" is; it is treated as something that runs software",
          at: box.shape.location,
          hint: "add it to `components:` in the product file, or a `kind` attribute in the drawing")
      )
    }
  }

  /// For each box its index among the components, or among the zones.
  private func positions() -> [Int] {
    var counts = (components: 0, zones: 0)
    return boxes.map { box in
      if box.kind == .zone {
        counts.zones += 1
        return counts.zones - 1
      }
      counts.components += 1
      return counts.components - 1
    }
  }

  private func surroundings(of box: Box, position: [Int]) -> (zone: Int?, enclosure: Int?) {
    var zone: Int?
    var enclosure: Int?
    var next = box.shape.container
    var steps = 0
    while let id = next, let outer = boxOfCell[Key(document: box.document, id: id)], steps < 256 {
      if boxes[outer].kind == .zone {
        zone = position[outer]
        break
      }
      if enclosure == nil { enclosure = position[outer] }
      next = boxes[outer].shape.container
      steps += 1
    }
    return (zone, enclosure)
  }

  private func lines(
    of drafts: [ArchitectureDraft], position: [Int], names: [String],
    reportingTo diagnostics: inout Diagnostics
  ) -> (flows: [ArchitectureGraph.DataFlow], open: [ArchitectureGraph.OpenFlow]) {
    var flows: [ArchitectureGraph.DataFlow] = []
    var open: [ArchitectureGraph.OpenFlow] = []
    var nameCount: [String: Int] = [:]
    for draft in drafts {
      for line in draft.lines {
        let drawn = DrawnReference(
          document: draft.document, id: line.id, location: line.location, source: line.sourceBytes)
        func end(_ id: DrawnID?) -> (component: Int?, isZone: Bool) {
          guard let id, let box = boxOfCell[Key(document: draft.document, id: id)] else {
            return (nil, false)
          }
          return boxes[box].kind == .zone ? (nil, true) : (position[box], false)
        }
        let (source, target) = (end(line.source), end(line.target))
        if let from = source.component, let to = target.component {
          var name = "\(names[from]) → \(names[to])"
          nameCount[name, default: 0] += 1
          if let count = nameCount[name], count > 1 { name += " (\(count))" }
          flows.append(
            ArchitectureGraph.DataFlow(
              name: name, label: line.label, source: from, target: to,
              isBidirectional: line.isBidirectional, drawn: drawn))
          continue
        }
        open.append(
          ArchitectureGraph.OpenFlow(
            label: line.label, source: source.component, target: target.component, drawn: drawn))
        if source.isZone || target.isZone {
          diagnostics.report(
            Diagnostic(
              .warning, "architecture.flow.ends-at-zone",
              "the line \"\(line.label)\" ends at a zone, which sends and receives nothing itself",
              at: line.location, hint: "attach it to the component inside that is meant"))
        }
      }
    }
    return (flows, open)
  }
}

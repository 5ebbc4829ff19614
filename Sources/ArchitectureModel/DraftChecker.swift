import EngineSupport

/// The steps from drafts to a graph; holds the tables that the steps share.
struct DraftChecker {
  struct Box {
    var document: String
    var shape: DrawnShape
    var kind: ComponentKind
    var basis: KindBasis
  }

  struct Key: Hashable {
    var document: String
    var id: DrawnID
  }

  private(set) var boxes: [Box] = []
  private(set) var boxOfCell: [Key: Int] = [:]

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
    of drafts: [ArchitectureDraft], flows declared: [FlowDeclaration],
    reportingTo diagnostics: inout Diagnostics
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
    var reader = LineReader(
      checker: self, position: position, components: components, zones: zones.map(\.name))
    for draft in drafts { reader.read(draft, reportingTo: &diagnostics) }
    reader.joinZones(reportingTo: &diagnostics)
    reader.apply(declared, reportingTo: &diagnostics)
    return ArchitectureGraph(
      components: components, zones: zones, flows: reader.flows,
      conduits: reader.conduits, openFlows: reader.open)
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
}

public import EngineSupport

extension ArchitectureGraph {
  /// Checks drafts against what the product file declares, and joins them to one graph.
  ///
  /// A box's kind comes from its declaration, else from its drawn `kind` attribute, else it is a zone if it
  /// contains others and `unknown` if not; nothing is guessed from names or pictures. A line between two
  /// components is a flow. A line between two zones is a conduit, and so is what joins zones through a firewall,
  /// gateway or network device. Any other line is reported and kept as open.
  public init(
    checking drafts: [ArchitectureDraft], declarations: [ComponentDeclaration],
    flows: [FlowDeclaration] = [], reportingTo diagnostics: inout Diagnostics
  ) {
    var checker = DraftChecker()
    for draft in drafts { checker.collect(draft) }
    checker.apply(declarations, reportingTo: &diagnostics)
    self = checker.graph(of: drafts, flows: flows, reportingTo: &diagnostics)
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

  /// The flow that a product file means by `name`: a cell id, else `from → to`, else a label that one line has.
  public func flow(
    called name: String, at location: SourceLocation?
  ) throws(Diagnostic) -> Int {
    let candidates = [
      flows.indices.filter { flows[$0].drawn.id.cell == name },
      flows.indices.filter { flows[$0].name == name },
      flows.indices.filter { flows[$0].label == name },
    ]
    let matches = candidates.first { !$0.isEmpty } ?? []
    if matches.count == 1 { return matches[0] }
    guard matches.isEmpty else {
      throw Diagnostic(
        "product.flow.ambiguous", "several drawn lines are called \"\(name)\"", at: location,
        hint: "use the cell id: "
          + matches.map { flows[$0].drawn.id.cell }.joined(separator: ", "))
    }
    throw Diagnostic(
      "product.flow.unknown",
      "no drawn line between two components has the cell id, name or label \"\(name)\"",
      at: location,
      hint: "lines: " + flows.map { "\($0.drawn.id.cell) (\($0.name))" }.joined(separator: ", "))
  }

  /// The way between zones with this cell id or name, if there is one.
  public func conduit(called name: String) -> Int? {
    conduits.indices.first { index in
      conduits[index].name == name || conduits[index].drawn.contains { $0.id.cell == name }
    }
  }

  /// The zone that a product file means by `name`: a cell id, else a label that only one zone has.
  public func zone(
    called name: String, at location: SourceLocation?
  ) throws(Diagnostic) -> Int {
    var matches = zones.indices.filter { index in
      zones[index].drawn.contains { $0.id.cell == name }
    }
    if matches.isEmpty { matches = zones.indices.filter { zones[$0].name == name } }
    if matches.count == 1 { return matches[0] }
    throw Diagnostic(
      matches.isEmpty ? "product.zone.unknown" : "product.zone.ambiguous",
      "\(matches.isEmpty ? "no" : "more than one") drawn zone has the label or cell id \"\(name)\"",
      at: location,
      hint: "zones: "
        + zones.map { "\($0.name) (\($0.drawn.first?.id.cell ?? ""))" }.joined(separator: ", "))
  }
}

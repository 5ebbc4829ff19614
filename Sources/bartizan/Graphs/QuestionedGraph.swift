import ArchitectureModel
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// An attack graph with its attackers and, for products, its consequences and drawn cells.
struct QuestionedGraph {
  var graph: AttackGraph
  var entries: [AttackGraph.StepID: Fronts]
  /// Consequences by id.
  var goals: [(id: String, step: AttackGraph.StepID)]
  /// What defences cost where it is not 1.
  var defenseCosts: [AttackGraph.StepID: Int] = [:]
  /// Attacker days within which people want to know of an attack.
  var horizon: Double
  /// By asset; empty for models that were not drawn.
  var cells: [[DrawnReference]]

  func step(_ name: String) throws(Diagnostic) -> AttackGraph.StepID {
    try Self.step(name, in: graph)
  }

  /// The goals that a command line names, by consequence or as `asset:step`; all consequences where it names none.
  func goals(
    named names: [String]
  ) throws(Diagnostic) -> [(id: String, step: AttackGraph.StepID)] {
    guard !names.isEmpty else {
      guard goals.isEmpty else { return goals }
      throw Diagnostic(
        "graph.goal.missing", "there is no goal to ask about",
        hint: "name steps as \"asset:step\"; a product file has consequences")
    }
    var chosen: [(id: String, step: AttackGraph.StepID)] = []
    for name in names where !chosen.contains(where: { $0.id == name }) {
      if let consequence = goals.first(where: { $0.id == name }) {
        chosen.append(consequence)
      } else {
        chosen.append((name, try step(name)))
      }
    }
    return chosen
  }

  /// The defence called `asset:defence`; the error names the asset's defences.
  func defense(_ name: String) throws(Diagnostic) -> AttackGraph.StepID {
    let step = try step(name)
    guard graph.kind(of: step) == .defense else {
      let defenses = graph.steps(of: graph.asset(of: step)).filter {
        graph.kind(of: $0) == .defense
      }
      throw Diagnostic(
        "graph.defence.unknown", "\"\(name)\" is no defence",
        hint: defenses.isEmpty
          ? "the asset has none"
          : "the asset's defences: " + defenses.map(graph.name(of:)).joined(separator: ", "))
    }
    return step
  }

  /// The step called `asset:step`; the error names the asset's steps, or assets with similar names.
  static func step(
    _ name: String, in graph: AttackGraph
  ) throws(Diagnostic) -> AttackGraph.StepID {
    if let step = graph.step(named: name) { return step }
    let asset = name.lastIndex(of: ":").map { String(name[..<$0]) } ?? name
    let place = graph.instance.assets.firstIndex { $0.name == asset }
    let hint =
      if let place {
        "its steps: "
          + graph.steps(of: place).map { graph.type(of: $0).name }.sorted().joined(separator: ", ")
      } else {
        "steps are called \"asset:step\"; assets: "
          + graph.instance.assets.prefix(20).map(\.name).joined(separator: ", ")
          + (graph.instance.assets.count > 20 ? ", …" : "")
      }
    throw Diagnostic("graph.step.unknown", "the graph has no step \"\(name)\"", hint: hint)
  }

  /// The asset of a step as it is drawn: ` (page "Plant", cell 7)`, or nothing.
  func drawing(of step: AttackGraph.StepID) -> String {
    let asset = graph.asset(of: step)
    guard cells.indices.contains(asset), let cell = cells[asset].first else { return "" }
    return "  drawn at \(cell.location)"
  }
}

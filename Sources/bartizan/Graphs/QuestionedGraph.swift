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
  /// By asset; empty for models that were not drawn.
  var cells: [[DrawnReference]]

  func step(_ name: String) throws(Diagnostic) -> AttackGraph.StepID {
    try Self.step(name, in: graph)
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

import AttackGraphs
import EngineSupport
import ThreatLanguage

/// Why a step is reachable: its most probable derivation, with rules and drawn cells.
struct StepExplanation {
  /// What is printed, line by line.
  let lines: [String]

  init(of step: AttackGraph.StepID, in questioned: QuestionedGraph) {
    let graph = questioned.graph
    let name = graph.name(of: step)
    let searches = [[], Fronts.network, .sensor, .both].map { fronts in
      graph.bestPaths(to: step, from: questioned.entries, needing: fronts, limit: 1)
    }
    let best = searches.compactMap(\.paths.first).max { $0.probability < $1.probability }
    guard let best else {
      let isStopped = searches.contains { !$0.isComplete }
      lines =
        isStopped
        ? ["No way to \(name) was found before the search was stopped."]
        : ["\(name) cannot be reached from the given entry points; ask `bartizan why-not`."]
      return
    }
    var lines = [
      "\(name) is reachable; the most probable way found needs \(Self.text(best.fronts)): "
        + "probability \(DecimalText.fixed(best.probability, digits: 4)), "
        + "by priors alone \(DecimalText.fixed(best.priorProbability, digits: 4))"
    ]
    var numbers: [AttackGraph.StepID: Int] = [:]
    let entries = Set(best.entries)
    for (index, step) in best.steps.enumerated() {
      numbers[step] = index + 1
      let type = graph.type(of: step)
      lines.append(
        "  \(index + 1). \(graph.name(of: step))  [\(type.kind.rawValue)"
          + "\(entries.contains(step) ? ", the attacker stands here" : "")]"
          + questioned.drawing(of: step))
      let sentence = type.meta.first { $0.key == "user" || $0.key == "developer" }?.text
      if let sentence { lines.append("       \(sentence)") }
      for parent in best.chosenParents[index] {
        let rule = graph.rule(from: parent, to: step).map { "  \($0)" } ?? ""
        lines.append("       from \(numbers[parent] ?? 0). \(graph.name(of: parent))\(rule)")
      }
      let what = type.kind == .defense ? "absent with probability" : "probability"
      lines.append("       \(what) \(Self.probability(of: step, in: graph))")
    }
    self.lines = lines
  }

  private static func probability(of step: AttackGraph.StepID, in graph: AttackGraph) -> String {
    let prior = DecimalText.fixed(graph.prior(of: step), digits: 4)
    guard let measured = graph.measurements[step] else {
      return "\(prior), the language's or model's"
    }
    return "\(DecimalText.fixed(measured.rate, digits: 4)), measured by \(measured.testRun) "
      + "(prior \(prior))"
  }

  static func text(_ fronts: Fronts) -> String {
    switch fronts {
    case .network: "the network front alone"
    case .sensor: "the sensor front alone"
    case .both: "both fronts"
    default: "no entry point"
    }
  }
}

import AttackGraphs
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// Turns a path of step numbers into what people read: names, sentences, rules, cells and costs.
struct PathDescriber: Sendable {
  private let product: ProductGraph
  private let effort: AttackGraph.StepCosts

  init(_ product: ProductGraph) throws(Diagnostic) {
    self.product = product
    effort = try product.graph.stepCosts(.expectedEffort)
  }

  func describe(_ path: AttackPath) throws(Diagnostic) -> AttackAnalysis.Path {
    let (graph, bound) = (product.graph, product.bound)
    let position = Dictionary(
      uniqueKeysWithValues: path.steps.enumerated().map { ($1, $0) })
    let used = Set(path.entries)
    let steps = zip(path.steps, path.chosenParents).map { id, parents in
      let step = graph.steps[id]
      return AttackAnalysis.Step(
        id: id, name: graph.name(of: id), asset: bound.model.assets[step.asset].name,
        type: step.type, prior: step.prior, measured: step.measured,
        restsOn: parents.compactMap { position[$0] },
        entryPoint: used.contains(id) ? product.entryNames[id] : nil,
        rules: parents.compactMap { graph.rule(from: $0, to: id) },
        drawn: bound.basis[step.asset].drawn)
    }
    let paid = path.steps.filter { !used.contains($0) }
    var potentials: [AttackPotential] = []
    for step in paid {
      if let potential = try graph.type(of: step).attackPotential() { potentials.append(potential) }
    }
    return AttackAnalysis.Path(
      steps: steps, costs: path.costs,
      expectedEffort: paid.contains { effort.impossible[$0] }
        ? nil : paid.reduce(0) { $0 + effort.values[$1] },
      attackPotential: potentials.isEmpty ? nil : AttackPotential.Path(ofDistinctSteps: potentials),
      probability: path.probability, priorProbability: path.priorProbability,
      entryPoints: steps.compactMap(\.entryPoint))
  }
}

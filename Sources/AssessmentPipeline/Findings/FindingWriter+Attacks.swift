import ArchitectureModel
import AttackGraphs
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// Findings about consequences that can be reached.
extension FindingWriter {
  /// Below these probabilities of the best path a finding weighs one, two or three levels less than its
  /// consequence: a convention of this project, not a standard's.
  private static let likelihoodSteps = [0.1, 0.01, 0.001]

  mutating func attackFinding(
    _ analysis: AttackAnalysis, _ models: [ModelAssessment]
  ) throws -> Finding {
    let best = analysis.paths[0]
    let consequence = analysis.consequence
    let steps = Self.likelihoodSteps.filter { best.probability < $0 }.count
    let isMeasured = analysis.paths.contains { path in
      path.steps.contains { $0.measured != nil }
    }
    let needs = Self.needs(analysis.fronts)
    return try finish(
      id: "\(consequence.id)/\(Self.slug(analysis.fronts))", kind: .attackPath,
      severity: consequence.severity.lowered(by: steps),
      verdict: isMeasured
        ? .measuredInPart : restsOnClaim(best) ? .claimed : .supportedByRule,
      title: "\(consequence.kind.title) of \(consequence.component): \(needs)",
      statement: statement(analysis, best, needs: needs), advice: advice(best), attack: analysis,
      evidence: try pathEvidence(analysis, models))
  }

  /// Whether the path passes a defence that somebody claims, with nothing that supports it.
  private func restsOnClaim(_ path: AttackAnalysis.Path) -> Bool {
    path.steps.contains { step in
      step.type.kind == .defense
        && defenses.contains {
          $0.assetName == step.asset && $0.claim.name == step.type.name && $0.state == .claimed
            && $0.claim.inPlace > 0
        }
    }
  }

  private func statement(
    _ analysis: AttackAnalysis, _ best: AttackAnalysis.Path, needs: String
  ) -> String {
    let count = analysis.paths.count
    let list =
      analysis.isComplete
      ? "\(count == 1 ? "This is the only path" : "These \(count) paths are all there are")."
      : "The \(count) best paths are listed; any other has a probability of at most "
        + "\(Self.probability(analysis.probabilityBound))."
    let start = best.entryPoints.joined(separator: " and ")
    return "\(analysis.consequence.description) This \(needs): the best path starts at \(start) "
      + "and has the probability \(Self.probability(best.probability)) within "
      + "\(DecimalText.fixed(product.horizonDays, digits: 0)) attacker days "
      + "(\(Self.probability(best.priorProbability)) by priors alone). \(list)"
  }

  private func advice(_ path: AttackAnalysis.Path) -> String {
    let absent = path.steps.filter { $0.type.kind == .defense }
    guard !absent.isEmpty else {
      return "No defence of the threat language stands in the way of the best path; "
        + "change the architecture or the process behind it."
    }
    let names = absent.map { "\($0.type.name) of \($0.asset)" }
    return "The best path relies on absent defences: put in place, and give evidence for, "
      + names.joined(separator: ", ") + "."
  }

  private mutating func pathEvidence(
    _ analysis: AttackAnalysis, _ models: [ModelAssessment]
  ) throws -> [Finding.Evidence] {
    let consequence = analysis.consequence
    var items = [
      evidence.citeClaim(
        "consequence \(consequence.id)", at: consequence.location,
        saying: [
          consequence.kind.rawValue, consequence.component, consequence.severity.rawValue,
          consequence.description,
        ])
    ]
    for step in analysis.paths.flatMap(\.steps) {
      for cell in step.drawn { items.append(evidence.cite(cell, of: step.asset)) }
      items.append(evidence.cite(step.type))
      if let run = step.measured?.testRun,
        let test = models.lazy.flatMap(\.tests).first(where: { $0.id == run })
      {
        items.append(evidence.cite(test))
      }
      if let id = step.entryPoint, let entry = product.entryPoints.first(where: { $0.id == id }) {
        items.append(
          evidence.citeClaim(
            "entry point \(id)", at: entry.location,
            saying: [entry.component, entry.front.rawValue, entry.step, entry.reason]))
      }
      if step.type.kind == .defense { items += claims(for: step) }
    }
    return items
  }

  private mutating func claims(for step: AttackAnalysis.Step) -> [Finding.Evidence] {
    var items: [Finding.Evidence] = []
    for statement in defenses
    where statement.assetName == step.asset && statement.claim.name == step.type.name {
      items.append(
        evidence.citeClaim(
          "defence \(statement.claim.name) of \(step.asset)", at: statement.claim.location,
          saying: [DecimalText.exact(statement.claim.inPlace), statement.claim.reason]))
      if let file = statement.evidence { items.append(evidence.cite(file)) }
    }
    return items
  }

  static func slug(_ fronts: Fronts) -> String {
    switch fronts {
    case .network: "network"
    case .sensor: "sensor"
    default: "both"
    }
  }

  static func needs(_ fronts: Fronts) -> String {
    switch fronts {
    case .network: "needs the network alone"
    case .sensor: "needs the sensor alone"
    default: "needs network and sensor together"
    }
  }

  /// Four decimals, or three significant digits below that.
  static func probability(_ value: Double) -> String {
    if value == 0 || value >= 0.001 { return DecimalText.fixed(value, digits: 4) }
    return value < 0.000_000_001 ? "less than 0.000000001" : DecimalText.fixed(value, digits: 9)
  }
}

import ArchitectureModel
import EngineSupport

/// Findings about components that do not reach the level that is asked of them.
extension FindingWriter {
  mutating func levelFindings(_ levels: SecurityLevels?) throws -> [Finding] {
    var findings: [Finding] = []
    for component in levels?.components ?? [] {
      let gaps = component.gaps
      guard !gaps.isEmpty,
        let place = architecture.components.first(where: { $0.name == component.component })
      else { continue }
      let refuted = gaps.filter { $0.state == .refuted }
      let achieved = component.achieved(withEvidenceOnly: false)
      let judged = component.requirements.count { $0.state != .notJudged }
      findings.append(
        try finish(
          id: "security-level/\(Self.slug(component.component))", kind: .securityLevel,
          severity: refuted.isEmpty ? .medium : .high,
          verdict: refuted.isEmpty ? .open : .provenByTest,
          title: "\(component.component) does not reach its target security level",
          statement: "Asked is SL-T \(component.target.text); what is claimed or supported reaches "
            + "\(achieved.text) as far as \(judged) of \(component.requirements.count) requirements "
            + "for a \(component.type.title) could be judged. Open: "
            + Self.list(gaps.filter { $0.state == .open }.map(\.id))
            + (refuted.isEmpty ? "" : ". Refuted by test: " + Self.list(refuted.map(\.id))) + ".",
          advice: "Put in place, and give evidence for, "
            + Self.list(Self.firstOfEach(gaps.flatMap(\.missing))) + ".",
          evidence: place.drawn.map { evidence.cite($0, of: component.component) }))
    }
    return findings
  }

  private static func list(_ names: [String]) -> String {
    guard !names.isEmpty else { return "none" }
    let rest = names.count - 12
    return names.prefix(12).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  private static func firstOfEach(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

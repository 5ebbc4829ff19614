import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// One attack path as a table: what happens, where, by which rule, and how likely.
struct PathTable {
  let path: AttackAnalysis.Path
  let result: AssessmentResult
  let caption: String

  func render() -> Markup {
    Table(
      caption,
      [
        .init("Step", isNumber: true), .init("What happens"), .init("Where, and by which rule"),
        .init("Rests on"), .init("Prior", isNumber: true), .init("Measured"),
      ],
      rows: path.steps.enumerated().map { row($1, number: $0 + 1) }, style: "steps"
    ).render()
  }

  private func row(_ step: AttackAnalysis.Step, number: Int) -> [Markup] {
    [
      .text("\(number)"), whatHappens(step), .group([whereItHappens(step), rules(step)]),
      .text(
        step.restsOn.isEmpty ? "–" : step.restsOn.map { "\($0 + 1)" }.joined(separator: ", ")),
      .text(step.entryPoint == nil ? Wording.probability(step.prior) : "given"), measured(step),
    ]
  }

  private func whatHappens(_ step: AttackAnalysis.Step) -> Markup {
    var parts: [Markup] = [
      tag("strong", [], .text(title(of: step))), Fragment.small(step.sentence),
    ]
    if let entry = step.entryPoint { parts.append(Fragment.small("Entry point \(entry)")) }
    for meta in StepReferences.of(step.type) {
      parts.append(Fragment.small("\(StepReferences.title(of: meta.key)): \(meta.text)"))
    }
    return .group(parts)
  }

  private func title(of step: AttackAnalysis.Step) -> String {
    switch step.type.kind {
    case .defense: "\(step.type.name) is absent"
    case .and: "\(step.type.name) (needs all it rests on)"
    case .or, .exist, .notExist: step.type.name
    }
  }

  private func whereItHappens(_ step: AttackAnalysis.Step) -> Markup {
    .group([.text(step.asset)] + step.drawn.map { DrawnCells.line($0, in: result) })
  }

  /// The declaration first, then the lines that lead from what the step rests on.
  private func rules(_ step: AttackAnalysis.Step) -> Markup {
    var seen = [step.type.location]
    var parts: [Markup] = ["rule ", Fragment.line(step.type.location)]
    for rule in step.rules where !seen.contains(rule) {
      seen.append(rule)
      let isNear = rule.document == step.type.location.document
      parts += [
        ", led to by ",
        isNear ? Fragment.code("line \(rule.line ?? 0)") : Fragment.line(rule),
      ]
    }
    return tag("div", class: "small", parts)
  }

  private func measured(_ step: AttackAnalysis.Step) -> Markup {
    guard let measured = step.measured else { return "–" }
    return .group([
      tag("strong", [], .text(Wording.probability(measured.rate))),
      Fragment.small(
        "95 % \(Wording.probability(measured.lower)) to \(Wording.probability(measured.upper))"),
      Fragment.small("test \(measured.testRun)"),
    ])
  }
}

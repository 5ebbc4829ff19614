import AdversarialTesting
import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import TensorCore
import ThreatKnowledge

/// The report on one page: what was assessed, what can happen, what was measured, what is open.
struct SummarySection: PageSection {
  static let anchor = "summary"
  static let title = "Summary"

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    var parts = [Fragment.paragraph(whatWasAssessed)]
    if let description = result.product.product.description {
      parts.append(tag("p", [], tag("em", [], "The owner writes: "), .text(description)))
    }
    parts.append(severityCounts)
    parts += [
      Fragment.heading("What can happen?"), Fragment.bullets(whatCanHappen),
      Fragment.heading("What was measured?"), Fragment.bullets(whatWasMeasured),
      Fragment.heading("What is open?"), Fragment.bullets(whatIsOpen), findings,
    ]
    return parts
  }

  private var whatWasAssessed: String {
    let architecture = result.architecture
    let graph = result.graph
    return
      "\(Wording.plural(result.diagrams.count, "diagram", "diagrams")) with "
      + "\(Wording.plural(architecture.components.count, "component", "components")), "
      + "\(Wording.plural(architecture.flows.count, "data flow", "data flows")) and "
      + "\(Wording.plural(architecture.zones.count, "zone", "zones")) were turned into an attack graph of "
      + "\(Wording.plural(graph.steps.count, "step", "steps")). "
      + tests
      + "The best paths to "
      + "\(Wording.plural(result.product.consequences.count, "consequence", "consequences")) were searched "
      + "once, for an attacker with up to \(DecimalText.quantity(result.product.horizonDays)) days."
  }

  private var tests: String {
    guard !result.models.isEmpty else {
      return "No model was given, so the language's prior probabilities stand as they are. "
    }
    return
      "\(Wording.plural(result.models.count, "model was", "models were")) tested on the given evaluation "
      + "data within what the product file says an attacker at the sensor and in the network can change. "
      + "The measured rates then replaced the language's prior probabilities. "
  }

  private var severityCounts: Markup {
    tag(
      "div", class: "cards",
      Finding.Severity.allCases.reversed().map { severity in
        tag(
          "div", [],
          tag("strong", [], "\(result.findings.count { $0.severity == severity })"),
          Fragment.severity(severity))
      })
  }

  private var whatCanHappen: [Markup] {
    result.reachability.map { goal in
      let best = result.findings.compactMap(\.attack)
        .filter { $0.consequence.id == goal.consequence.id }
        .compactMap { analysis in analysis.paths.first.map { (analysis, $0) } }
        .max { $0.1.probability < $1.1.probability }
      let figure = best.map { analysis, path in
        " The best path found has the probability \(Wording.probability(path.probability)) and needs "
          + "\(Wording.fronts(analysis.fronts))."
      }
      return .group([
        tag("strong", [], .text(goal.consequence.id)),
        .text(" (\(goal.consequence.component)): \(goal.sentence).\(figure ?? "")"),
      ])
    }
  }

  private var whatWasMeasured: [Markup] {
    let tests = result.models.flatMap(\.tests)
    guard !tests.isEmpty else {
      return ["Nothing: every probability in this report is a prior of the threat language."]
    }
    return tests.map { test in
      guard let row = test.chosen else {
        return .text("\(test.id): \(Wording.sentence(for: test.result.verdict))")
      }
      let interval =
        "\(DecimalText.percent(row.interval.lower)) to \(DecimalText.percent(row.interval.upper))"
      let limit =
        test.step == .errUnderNoise
        ? "cut off at \(DecimalText.quantity(row.budget)) \(test.unit)"
        : "changes up to \(DecimalText.quantity(row.budget)) \(test.unit)"
      return .group([
        tag("strong", [], .text(test.id)),
        .text(
          " (\(Wording.label(of: test.step)), \(limit)): \(row.successes) of \(row.trials) "
            + "\(test.isOverStreams ? "streams" : "samples") broken, at least \(DecimalText.percent(row.rate)), 95 % interval \(interval); "
            + "\(test.result.verdict.rawValue)."),
      ])
    }
  }

  private var whatIsOpen: [Markup] {
    var open: [String] = []
    let claims = result.defenses.count { $0.state == .claimed }
    if claims > 0 {
      open.append(
        "\(Wording.plural(claims, "defence is", "defences are")) claimed and not proved; see Claims."
      )
    }
    let missing = result.models.flatMap(\.lineage)
    for (status, text) in [
      (LineageStatement.Status.contradicted, "contradicted by the files"),
      (.missing, "missing"),
    ] {
      let count = missing.count { $0.status == status }
      if count > 0 {
        open.append(
          "\(Wording.plural(count, "statement", "statements")) about the origin of models "
            + "\(count == 1 ? "is" : "are") \(text).")
      }
    }
    let flows = result.architecture.openFlows.count
    if flows > 0 {
      open.append(
        "\(Wording.plural(flows, "drawn line joins", "drawn lines join")) no two components and "
          + "\(flows == 1 ? "is" : "are") not modelled; see What was left out.")
    }
    open += result.models.flatMap(\.notTested)
    for finding in result.findings where finding.attack?.isComplete == false {
      open.append("\(finding.id): more paths exist or may exist than are listed.")
    }
    let prior = result.graph.steps.count { $0.measured == nil && $0.isViable }
    open.append(
      "\(prior) of \(result.graph.steps.count) steps carry a prior of the threat language, a judgement "
        + "of its authors; only the steps listed above were measured.")
    return open.map { .text($0) }
  }

  private var findings: Markup {
    Table(
      "All findings, most severe first",
      [.init("Finding"), .init("Severity"), .init("Verdict"), .init("What it says")],
      rows: result.findings.enumerated().map { index, finding in
        [
          tag(
            "a", [attribute("href", "#" + Fragment.anchor(ofFinding: index))], .text(finding.id)),
          Fragment.severity(finding.severity), .text(finding.verdict.rawValue),
          .text(finding.title),
        ]
      }
    ).render()
  }
}

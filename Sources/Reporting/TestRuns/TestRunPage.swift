import AdversarialTesting
import AssessmentPipeline
import EngineSupport
import ModelTesting

/// The page of a test run on its own: the headline, the parts that an assessment shows of a model, and how to check.
struct TestRunPage {
  let report: TestRunReport

  var bytes: [UInt8] {
    var bytes = Array("<!DOCTYPE html>\n".utf8)
    render().write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  private var result: ModelTestResult { report.result }

  func render() -> Markup {
    let sections: [(anchor: String, title: String, content: [Markup])] = [
      ("summary", "Summary", summary), ("models", "Model tests", parts),
      ("files", "Files and how to check them", files),
    ]
    return tag(
      "html", [attribute("lang", "en")],
      [
        PageHead.render(
          title: "Test of \(report.modelName)", style: StyleSheet.text(plan: result.digest)),
        tag(
          "body", [],
          [
            tag(
              "header", [],
              [
                tag("p", class: "kind", "Model test report"),
                tag("h1", [], .text(result.plan.title)), titleBlock,
                Fragment.note(
                  "The digest is that of the resolved plan: model, data, rows, limits, attacks and seeds, fixed "
                    + "before anything ran. The same plan gives the same bytes on any machine, so the report "
                    + "carries no date. Nothing here states conformity with any standard."),
                tag(
                  "nav", [attribute("aria-label", "Contents")],
                  tag(
                    "ol", [],
                    sections.map {
                      tag("li", [], tag("a", [attribute("href", "#" + $0.anchor)], .text($0.title)))
                    })),
              ]),
            tag("main", [], sections.enumerated().map { section($1, number: $0 + 1) }),
          ]),
      ])
  }

  private func section(
    _ section: (anchor: String, title: String, content: [Markup]), number: Int
  ) -> Markup {
    tag(
      "section",
      [
        attribute("id", section.anchor), attribute("aria-labelledby", section.anchor + "-h"),
      ],
      [
        tag(
          "h2", [attribute("id", section.anchor + "-h")],
          tag("span", class: "number", "\(number)"), .text(section.title))
      ] + section.content + [
        tag(
          "footer", class: "section-foot", tag("span", [], .text(report.modelName)),
          tag("span", [], "plan ", Fragment.code(result.digest.short)))
      ])
  }

  private var titleBlock: Markup {
    PageHead.titleBlock([
      ("Model", report.modelName, false), ("Model, SHA-256", report.digest.hexadecimal, true),
      ("Evaluation data", report.dataName, false),
      ("Samples tested", "n = \(result.rows.count)", false),
      ("Profile", result.profile.rawValue, false),
      ("Method", "Bartizan \(EngineVersion.text)", false),
      ("Random seed", String(result.seed), false),
      ("Plan, SHA-256", result.digest.hexadecimal, true),
    ])
  }

  private var summary: [Markup] {
    [
      Table(
        "Attackers at their chosen budget",
        [
          .init("Front"), .init("Budget", isNumber: true), .init("Broken", isNumber: true),
          .init("Attack success at least", isNumber: true),
          .init("95 % interval", isNumber: true),
          .init("Without the laws of the input", isNumber: true), .init("Verdict"),
          .init("By the plan's limit"),
        ],
        rows: result.attackers.map { row($0, beside: $0.unconstrained, without: "no laws bind") },
        whenEmpty: "The plan describes no attacker."
      ).render()
    ] + streams + bracketLine
  }

  private var streams: [Markup] {
    guard let streams = result.streams else { return [] }
    return [
      Table(
        "Attackers over streams at their chosen budget",
        [
          .init("Front"), .init("Budget", isNumber: true), .init("Broken", isNumber: true),
          .init("Attack success at least", isNumber: true),
          .init("95 % interval", isNumber: true),
          .init("Without knowledge of the future", isNumber: true), .init("Verdict"),
          .init("By the plan's limit"),
        ],
        rows: streams.attackers.map { row($0, beside: $0.causal, without: "not run") },
        whenEmpty: "No attacker bends streams."
      ).render(),
      Fragment.note(StreamPart.sentence(of: streams, in: result.plan)),
    ]
  }

  private func row(
    _ attacker: AttackerResult, beside: CampaignResult?, without: String
  ) -> [Markup] {
    let row = attacker.chosen
    let other = beside?.budgets.first { $0.budget == attacker.attacker.chosen }
    return [
      .text(attacker.attacker.front.rawValue),
      .text("\(DecimalText.quantity(attacker.attacker.chosen)) \(attacker.unit)"),
      .text(row.map { "\($0.successes) of \($0.trials)" } ?? "not run"),
      .text(row.map { DecimalText.percent($0.rate) } ?? ""),
      .text(row.map { CampaignPart.range($0.interval) } ?? ""),
      .text(other.map { DecimalText.percent($0.rate) } ?? without),
      .text(verdict(of: attacker)),
      .text(attacker.acceptance?.rawValue ?? "none given"),
    ]
  }

  private func verdict(of attacker: AttackerResult) -> String {
    let verdict = attacker.result.verdict.rawValue
    return Wording.firstBroken(in: attacker.result, unit: attacker.unit)
      .map { "\(verdict), from \($0) on" } ?? verdict
  }

  private var bracketLine: [Markup] {
    guard let brackets = result.brackets,
      let attacker = result.attackers.first(where: { $0.attacker.front == brackets.front }),
      let row = brackets.summary.rows.first(where: { $0.budget == attacker.attacker.chosen })
    else { return [] }
    return [
      Fragment.paragraph(
        "Certificates at the \(brackets.front.rawValue) front, "
          + "\(Wording.plural(row.samples, "sample", "samples")): at "
          + "\(DecimalText.quantity(row.budget)) \(brackets.unit) \(row.text).")
    ]
  }

  private var parts: [Markup] {
    let model = ModelParts(
      name: report.modelName, suffix: "1",
      facts: [("File", report.modelName), ("Evaluation data", report.dataName)]
        + ModelParts.rows(of: report.facts), shape: report.facts.inputShape, run: result,
      campaigns: ShownCampaign.all(of: result), notTested: result.notTested)
    return [Fragment.note(ModelParts.note)] + model.render()
  }

  private var files: [Markup] {
    let records = result.attackers.map { TestRunReport.records(of: $0.attacker.front) }
    let rows: [(String, String)] =
      [
        (TestRunReport.marker, "everything this page says, as data"),
        ("plan.json", "the resolved plan; its canonical form (RFC 8785) has the digest above"),
      ]
      + records.map { ($0, "one line for each sample: label, outcome, the reading that broke it") }
      + (result.streams?.attackers ?? []).flatMap { attacker in
        let front = attacker.attacker.front
        return [
          (TestRunReport.records(ofStreams: front), "the same, one line for each stream")
        ]
          + (attacker.causal == nil
            ? []
            : [
              (
                TestRunReport.records(ofCausal: front),
                "the same for the attacker who knows nothing of the future"
              )
            ])
      }
    return [
      Table(
        "Beside this page", [.init("File"), .init("What it is")],
        rows: rows.map { [Fragment.code($0.0), .text($0.1)] }
      ).render(),
      Fragment.paragraph(
        "To check: run the same command with the same model, plan and data, and compare the files byte by byte. "
          + "Any reading of a record can be given to the model by other software."),
    ]
  }
}

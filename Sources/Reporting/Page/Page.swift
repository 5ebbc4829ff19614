import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// The page around the sections: head, title block, table of contents, and a footer with the evidence root
/// under each section, so that no sheet of a printed report stands alone.
struct Page {
  let result: AssessmentResult
  let layout: any GraphLayout

  /// In the order of the report.
  private static let sections: [any PageSection.Type] = [
    SummarySection.self, StandardSection.self, ArchitectureSection.self, AttackSection.self,
    DecisionSection.self, ModelSection.self, LineageSection.self, ClaimSection.self,
    SecurityLevelSection.self,
    EvidenceSection.self,
    LeftOutSection.self, GlossarySection.self,
  ]

  func render() throws -> Markup {
    let sections = try Self.sections.enumerated().map { index, type in
      tag(
        "section",
        [attribute("id", type.anchor), attribute("aria-labelledby", type.anchor + "-h")],
        [
          tag(
            "h2", [attribute("id", type.anchor + "-h")],
            [tag("span", class: "number", "\(index + 1)"), .text(type.title)])
        ] + (try type.init(result: result, layout: layout).content()) + [foot])
    }
    return tag(
      "html", [attribute("lang", "en")],
      [
        head,
        tag(
          "body", [],
          [
            tag("header", [], titleBlock + [contents]),
            tag(
              "main", [],
              sections + [tag("p", class: "end", "End of report \(result.root.short).")]),
          ]),
      ])
  }

  private var name: String {
    "\(result.product.product.name) \(result.product.product.version)"
  }

  private var head: Markup {
    PageHead.render(title: "Threat model of \(name)", style: StyleSheet.text(root: result.root))
  }

  private var titleBlock: [Markup] {
    let product = result.product.product
    let rows: [(String, String, Bool)] =
      [("Item assessed", product.name, false), ("Version", product.version, false)]
      + (product.owner.map { [("Owner", $0, false)] } ?? [])
      + [
        ("Product file", result.product.document, false),
        ("Method", "Bartizan \(EngineVersion.text), threat language \(language)", false),
        ("Random seed", String(result.seed), false),
        ("Report identity", result.root.hexadecimal, true),
      ]
    return [
      tag("p", class: "kind", "Threat model and test report"),
      tag("h1", [], .text(name)),
      PageHead.titleBlock(rows),
      tag(
        "p", class: "note",
        .text(
          "The identity is the Merkle root over all evidence: inputs, rules, measurements and findings. The "
            + "same inputs and seed give the same identity on any machine, so the report carries no date. "
            + "Its results relate only to the files listed under Evidence.")),
    ]
  }

  private var language: String {
    "\(result.graph.language.name) \(result.graph.language.version)"
  }

  private var contents: Markup {
    tag(
      "nav", [attribute("aria-label", "Contents")],
      tag(
        "ol", [],
        Self.sections.map { type in
          tag("li", [], tag("a", [attribute("href", "#" + type.anchor)], .text(type.title)))
        }))
  }

  private var foot: Markup {
    tag(
      "footer", class: "section-foot",
      tag("span", [], .text(name)),
      tag("span", [], "evidence root ", Fragment.code(result.root.short)))
  }
}

/// One numbered section of the report.
protocol PageSection: SendableMetatype {
  static var anchor: String { get }
  static var title: String { get }
  init(result: AssessmentResult, layout: any GraphLayout)
  func content() throws -> [Markup]
}

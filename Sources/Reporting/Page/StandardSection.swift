import AssessmentPipeline
import ThreatKnowledge

/// The note on what the press reports about a standard, what it is said to ask for, and what this report does
/// not state.
struct StandardSection: PageSection {
  static let anchor = "standard"
  static let title = "About the standard"

  init(result: AssessmentResult, layout: any GraphLayout) {}

  func content() -> [Markup] { Wording.standard.map(Fragment.paragraph) + [reported] }

  private var reported: Markup {
    Table(
      "What the press reports as asked for, and where this report speaks to the same subject",
      [
        .init("Id"), .init("Clause, as the press gives it"), .init("What is reported"),
        .init("Spoken to in"), .init("Status"),
      ],
      rows: ReportedRequirement.all.map { requirement in
        [
          tag("code", class: "nowrap", .text(requirement.id)), .text(requirement.clause ?? "none"),
          .text(requirement.statement), .text(requirement.spokenToIn),
          tag("strong", class: "nowrap", .text(ReportedRequirement.label)),
        ]
      }
    ).render()
  }
}

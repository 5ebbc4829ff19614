import AssessmentPipeline
import EngineSupport

/// Defences that the product file claims: the report shows them, and proves none of them.
struct ClaimSection: PageSection {
  static let anchor = "claims"
  static let title = "Claims"

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    [
      Fragment.note(
        "Claims, not evidence: how sure the owner is that a defence is in place. The attack graph uses "
          + "these probabilities; nothing in this assessment checks them. Defences that are not listed "
          + "carry the threat language's own prior."),
      Table(
        "Defences claimed in the product file",
        [
          .init("Component"), .init("Defence"), .init("In place with", isNumber: true),
          .init("Reason given"), .init("Said at"),
        ],
        rows: DefenceClaim.all(in: result).map { claim in
          [
            .text(claim.component), Fragment.code(claim.claim.name),
            .text(DecimalText.quantity(claim.claim.inPlace)), .text(claim.claim.reason),
            Fragment.line(claim.claim.location),
          ]
        }, whenEmpty: "none; every defence carries the language's own prior."
      ).render(),
    ]
  }
}

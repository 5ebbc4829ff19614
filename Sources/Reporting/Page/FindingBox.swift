import AssessmentPipeline
import EngineSupport

/// A finding as a box: what it says, how sure that is, and what to do next.
struct FindingBox {
  let index: Int
  let finding: Finding

  /// All findings of one kind, with their positions in the result.
  static func all(of kind: Finding.Kind, in result: AssessmentResult) -> [FindingBox] {
    result.findings.enumerated().filter { $0.element.kind == kind }
      .map { FindingBox(index: $0.offset, finding: $0.element) }
  }

  func render(_ more: [Markup] = []) -> Markup {
    tag(
      "div",
      [attribute("class", "finding"), attribute("id", Fragment.anchor(ofFinding: index))],
      [
        tag("h4", [], Fragment.severity(finding.severity), .text(" " + finding.title)),
        Fragment.paragraph(finding.statement),
      ] + more + [
        tag("p", [], tag("strong", [], "Next: "), .text(finding.advice)),
        tag(
          "p", class: "note",
          .text("Finding "), Fragment.code(finding.id),
          .text(
            " · \(finding.verdict.rawValue): \(Wording.sentence(for: finding.verdict)) · rests on "
              + "\(Wording.plural(finding.evidence.count, "item", "items")) of evidence · fingerprint "
          ),
          Fragment.code(finding.fingerprint.short)),
      ])
  }
}

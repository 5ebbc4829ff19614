import AssessmentPipeline
import EngineSupport

/// A finding as a box: what it says, how sure that is, and what to do next.
struct FindingBox {
  let index: Int
  let finding: Finding
  let evidence: EvidenceIndex

  /// All findings of one kind, with their positions in the result.
  static func all(of kind: Finding.Kind, in result: AssessmentResult) -> [FindingBox] {
    let evidence = EvidenceIndex(of: result)
    return result.findings.enumerated().filter { $0.element.kind == kind }
      .map { FindingBox(index: $0.offset, finding: $0.element, evidence: evidence) }
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
            " · \(finding.verdict.rawValue): \(Wording.sentence(for: finding.verdict)) · fingerprint "
          ),
          Fragment.code(finding.fingerprint.short)),
        tag(
          "p", class: "note",
          tag("strong", [], "Rests on: "), EvidenceMarks.all(of: finding, in: evidence),
          " of the evidence index"),
      ])
  }
}

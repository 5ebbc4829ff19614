import AssessmentPipeline
import EngineSupport
import Provenance

/// The bytes behind the report, what each finding rests on, and how to check both.
struct EvidenceSection: PageSection {
  static let anchor = "evidence"
  static let title = "Evidence"

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    [sources, ledger, findings, Fragment.heading("How to check"), howToCheck]
  }

  private var sources: Markup {
    Table(
      "Sources, as they were read",
      [.init("File"), .init("Role"), .init("Bytes", isNumber: true), .init("SHA-256")],
      rows: result.sources.map { file in
        [
          .text(file.name), .text(file.role.rawValue), .text("\(file.size)"),
          Fragment.code(file.digest.hexadecimal),
        ]
      }
    ).render()
  }

  private var ledger: Markup {
    tag(
      "p", [],
      .text(
        "The evidence ledger holds \(Wording.plural(result.ledger.entries.count, "record", "records")). "
          + "Its Merkle root (RFC 9162 hashing, SHA-256) is "),
      Fragment.code(result.root.hexadecimal), ".")
  }

  private var findings: Markup {
    Table(
      "What each finding rests on",
      [.init("Finding"), .init("Evidence"), .init("Fingerprint")],
      rows: result.findings.map { finding in
        let counts = Finding.Evidence.Role.allCases.compactMap { role -> String? in
          let count = finding.evidence.count { $0.role == role }
          return count == 0 ? nil : "\(count) × \(role.rawValue)"
        }
        return [
          .text(finding.id), .text(counts.isEmpty ? "none" : counts.joined(separator: ", ")),
          Fragment.code(finding.fingerprint.short),
        ]
      }
    ).render()
  }

  private var howToCheck: Markup {
    Fragment.bullets([
      .group([
        Fragment.code("bartizan explain FINDING"),
        " walks one finding back to cells, rules, test runs and hashes, and computes the root again.",
      ]),
      .group([
        "Each line of ", Fragment.code("evidence.jsonl"),
        .text(
          " is one record in canonical form (RFC 8785); its SHA-256 is the name by which other records "
            + "refer to it."),
      ]),
      .group([
        Fragment.code("threat-model.json"), " holds everything in this report as data; ",
        Fragment.code("tests/"), " holds every tested sample.",
      ]),
      .text(
        "The same files, seed and engine version give the same bytes on another machine: run it again and "
          + "compare the root."),
    ])
  }
}

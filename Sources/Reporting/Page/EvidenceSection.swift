import AssessmentPipeline
import EngineSupport
import Provenance
import ThreatKnowledge

/// The bytes behind the report, what each finding rests on, and how to check both.
struct EvidenceSection: PageSection {
  static let anchor = "evidence"
  static let title = "Evidence"

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    let index = EvidenceIndex(of: result)
    return [
      sources, catalogues, ledger, findings(index), table(index), Fragment.heading("How to check"),
      howToCheck,
    ]
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
      }, style: "sources"
    ).render()
  }

  private var catalogues: Markup {
    Table(
      "Catalogues in which identifiers of this report are looked up",
      [
        .init("Catalogue"), .init("Version"), .init("Origin"), .init("SHA-256"),
        .init("Entries", isNumber: true), .init("Cited by the language", isNumber: true),
      ],
      rows: CatalogueUse.all(in: result).map { use in
        [
          .group([.text(use.catalogue.title), Fragment.small("Licence: \(use.catalogue.licence)")]),
          .text(use.catalogue.version), .text(use.origin),
          Fragment.code(use.catalogue.digest.hexadecimal), .text("\(use.catalogue.entries.count)"),
          .text("\(use.citedEntries)"),
        ]
      }, style: "sources"
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

  private func findings(_ index: EvidenceIndex) -> Markup {
    Table(
      "What each finding rests on",
      [.init("Finding"), .init("Evidence, by number in the index below"), .init("Fingerprint")],
      rows: result.findings.enumerated().map { place, finding in
        [
          tag(
            "a", [attribute("href", "#" + Fragment.anchor(ofFinding: place))], .text(finding.id)),
          EvidenceMarks.all(of: finding, in: index), Fragment.code(finding.fingerprint.short),
        ]
      }
    ).render()
  }

  private func table(_ index: EvidenceIndex) -> Markup {
    Table(
      "Evidence index: the exact cells, rule lines, test runs and files, each cited item once",
      [
        .init("Item"), .init("What it is"), .init("Where it stands"),
        .init("SHA-256 of the item itself"), .init("Ledger line", isNumber: true),
      ],
      rows: index.items.enumerated().map { row, item in
        [
          EvidenceMarks.target(row + 1),
          .group([
            .text(item.evidence.role.rawValue + ": "), tag("strong", [], .text(item.evidence.name)),
          ]),
          place(of: item.evidence),
          Fragment.code(item.evidence.digest.hexadecimal),
          .text(item.ledgerLine.map(String.init) ?? "–"),
        ]
      }, whenEmpty: "no finding cites anything.", style: "evidence"
    ).render()
  }

  /// A test run stands in no input: its place is the file of its samples.
  private func place(of evidence: Finding.Evidence) -> Markup {
    if let location = evidence.location { return Fragment.place(location) }
    for model in result.models {
      for test in model.tests where test.record == evidence.record {
        return Fragment.code(TestRecordReporter.fileName(of: test, model: model))
      }
    }
    return "–"
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
            + "refer to it. The index gives the line of each cited record. The digest of a test run is the "
            + "name of its record; of a cell, a rule or a claim, the SHA-256 of its own text."),
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

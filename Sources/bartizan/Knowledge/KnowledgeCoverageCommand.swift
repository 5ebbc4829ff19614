import ArgumentParser
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// `bartizan knowledge coverage`: what the bundled threat language cites of each catalogue, and what it leaves out.
struct KnowledgeCoverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage",
    abstract:
      "Say which techniques and requirements the threat language models, and why not the others.",
    discussion: """
      Prints the manual's page "Coverage": for each family of references how many entries a step or defence cites, and
      each entry with the steps, or with the reason why it is not modelled.

      EXAMPLES
        bartizan knowledge coverage > coverage.md
      """)

  func run() throws {
    try Terminal.reportingFailures { Terminal.say(try Self.page()) }
  }

  /// What is listed: the families whose catalogues are to be covered, with the entries that count.
  private static let listed: [(LanguageCoverage.Family, catalogue: String, title: String)] = [
    (.attack, "attack-ics", "ATT&CK for ICS techniques"),
    (.atlas, "atlas", "MITRE ATLAS techniques"),
    (.cr, "iec62443-4-2", "IEC 62443-4-2 requirements"),
    (.nist, "nist-ai-100-2", "NIST AI 100-2 attacks"),
  ]

  static func page() throws -> String {
    var diagnostics = Diagnostics()
    guard
      let language = CompiledLanguage(
        sources: IndustrialLanguage.sources, reportingTo: &diagnostics)
    else { throw diagnostics.all.first ?? Diagnostic("mal.input.empty", "there is no language") }
    let coverage = try LanguageCoverage(
      of: language, notModelled: IndustrialLanguage.notModelled)
    let knowledge = KnowledgeBase.bundled
    var lines = [
      "# Coverage", "",
      "What the industrial threat language models of each catalogue, and what it leaves out with the reason.",
      "",
      "## Overview", "",
      "`bartizan knowledge coverage` prints this page. A step cites what it is; a defence cites what it implements.",
      "",
      "| family | cited | not modelled |", "|---|---|---|",
    ]
    for (family, _, title) in listed {
      let rows = coverage.rows(family)
      let cited = rows.count { !$0.steps.isEmpty }
      lines.append("| \(title) | \(cited) | \(rows.count - cited) |")
    }
    for (family, catalogue, title) in listed {
      lines += ["", "## \(title)", "", "| id | name | where, or why not |", "|---|---|---|"]
      for row in coverage.rows(family) {
        let name = knowledge.match(row.id, preferring: catalogue)?.entry.title ?? ""
        let place =
          row.steps.isEmpty
          ? "not modelled: \(row.reason ?? "")"
          : row.steps.map { "`\($0)`" }.joined(separator: ", ")
        lines.append("| \(row.id) | \(escaped(name)) | \(escaped(place)) |")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

import ArgumentParser
import ThreatKnowledge

/// `bartizan knowledge binding`: the table by which drawings become assets of the threat language.
struct KnowledgeBindingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "binding",
    abstract: "Print the table by which drawn things become assets of the threat language.",
    discussion: """
      Prints the manual's page "Binding". Nothing else makes an asset or a link, and each one cites its row.

      EXAMPLES
        bartizan knowledge binding > binding.md
      """)

  func run() { Terminal.say(Self.page) }

  static var page: String {
    let rows = BindingTable.rows.map { row in
      "| `\(row.id)` | \(row.drawn) | `\(row.becomes)` | \(row.assumption ?? "") |"
    }
    return
      ([
        "# Binding", "",
        "The table by which drawn things become assets of the industrial threat language.", "",
        "## Overview", "",
        "`bartizan knowledge binding` prints this page. A component's kind comes from the product file, else from its drawn `kind` attribute,",
        "else a container is a zone and anything else is `unknown`. A line's protocol comes from the product file, else from its `protocol`",
        "attribute, else from its label: of all names below that stand in it as whole words, the longest. Each asset and link of a report",
        "cites its row; nothing else makes one.", "",
        "| row | drawn | becomes | taken for granted |", "|---|---|---|---|",
      ] + rows).joined(separator: "\n")
  }
}

import ArgumentParser
import EngineSupport
import ThreatKnowledge

/// `bartizan knowledge list`: each catalogue with version, size, digest and licence.
struct KnowledgeListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the catalogues: version, entries, SHA-256, origin, licence.",
    discussion: """
      The digest of a bundled catalogue is that of its file in Sources/CCatalogues/Data, of an imported one that
      of the imported file.

      EXAMPLES
        bartizan knowledge list
        bartizan knowledge list --lock bartizan.lock.yaml
      """)

  @OptionGroup var lock: LockInput

  func run() throws {
    try Terminal.reportingFailures {
      let catalogues = try lock.knowledge().catalogues
      let rows =
        [["ID", "VERSION", "ENTRIES", "SHA-256", "ORIGIN"]]
        + catalogues.map {
          [$0.id, $0.version, String($0.entries.count), $0.digest.hexadecimal, $0.origin.text]
        }
      let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
      for (index, row) in rows.enumerated() {
        Terminal.say(Self.line(row, widths))
        guard index > 0 else { continue }
        Terminal.say("  \(catalogues[index - 1].title)")
        Terminal.say("  licence: \(catalogues[index - 1].licence)")
      }
    }
  }

  private static func line(_ row: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, text) in row.enumerated() {
      let space = String(repeating: " ", count: widths[column] - text.count)
      // Counts end in one column; everything else begins in one.
      line += column == 2 ? space + text : text + space
      line += "  "
    }
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}

extension KnowledgeCatalogue.Origin {
  /// `bundled`, or the file it was imported from.
  var text: String {
    switch self {
    case .bundled: "bundled"
    case .imported(let file): "imported from \(file)"
    }
  }
}

import ArchitectureModel
import ArgumentParser
import AssessmentPipeline
import DiagramImport
import EngineSupport
import Foundation
import Reporting

/// `bartizan import`: one diagram to a graph and the ledger that accounts for each of its cells.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import a diagram alone: its graph, and a ledger of what became of every cell.",
    discussion: """
      Writes graph.json (shapes and lines with their places) and ledger.json (every cell: imported, merged or
      left out, with the reason; the counts reconcile).

      EXAMPLES
        bartizan import plant.drawio --output imported
      """)

  @Argument(help: ArgumentHelp("The diagram (.drawio, .xml, .drawio.svg).", valueName: "FILE"))
  var path: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Directory to write; replaced if it is an earlier import.", valueName: "DIR")
  )
  var output = "imported"

  func run() throws {
    try Terminal.reportingFailures {
      let directory = OutputDirectory(path: output, marker: "ledger.json")
      try directory.checkReplaceable()
      let document = try FileAccess.read(
        path, as: URL(fileURLWithPath: path).lastPathComponent, limit: ProductLimits.file)
      var diagnostics = Diagnostics()
      let diagram: ImportedDiagram
      do throws(Diagnostic) {
        diagram = try DiagramImporters.importDiagram(document, reportingTo: &diagnostics)
      } catch {
        throw BadInput(diagnostics.all + [error])
      }
      let gaps = diagram.discrepancies()
      if diagnostics.hasErrors || !gaps.isEmpty {
        throw BadInput(
          diagnostics.all
            + gaps.map { gap in
              Diagnostic(
                "import.ledger.unbalanced", gap, at: SourceLocation(document: document.name))
            })
      }
      try directory.write([
        ("graph.json", CanonicalJSON.indented(diagram.draft.json)),
        ("ledger.json", CanonicalJSON.indented(diagram.ledger.json)),
      ])
      Terminal.show(diagnostics.all)
      let totals = diagram.ledger.totals
      Terminal.say(
        "\(document.name): \(diagram.ledger.rows.count) cells, \(totals.imported) imported, "
          + "\(totals.merged) merged, \(totals.leftOut) left out; the ledger reconciles")
      Terminal.say(
        "\(diagram.draft.shapes.count) shapes and \(diagram.draft.lines.count) lines in "
          + "\(output)/graph.json")
    }
  }
}

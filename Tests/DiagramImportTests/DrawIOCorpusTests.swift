import DiagramImport
import EngineSupport
import Testing

/// Real files that nobody here wrote, against counts taken by independent counters.
@Suite(.enabled(if: Corpus.isPresent, "the corpus is not beside the checkout"))
struct DrawIOCorpusTests {
  @Test func countsEqualTheTable() throws {
    let files = try Corpus.expectations(kind: "drawio").filter { $0.metrics["parses"] == "yes" }
    #expect(files.count >= 42)
    for (path, metrics) in files {
      var diagnostics = Diagnostics()
      let diagram = try DiagramImporters.importDiagram(
        try Corpus.document(path), reportingTo: &diagnostics)
      let ledger = diagram.ledger
      let totals = ledger.totals
      let counts: [(String, Int)] = [
        ("pages", totals.pages), ("vertices", totals.vertices), ("edges", totals.edges),
        ("edges_both_ends", totals.edgesBothEnds), ("edges_one_end", totals.edgesOneEnd),
        ("edges_no_end", totals.edgesNoEnd), ("edge_labels", totals.edgeLabels),
        ("objects", totals.objects), ("compressed_pages", totals.compressedPages),
        ("containers", totals.containers), ("layers", totals.layers),
        ("library_entries", totals.libraryEntries),
      ]
      for (metric, count) in counts {
        if let expected = metrics[metric] {
          #expect(String(count) == expected, "\(metric) of \(path)")
        }
      }
      #expect(diagram.discrepancies() == [], "\(path)")
      #expect(totals.imported + totals.merged + totals.leftOut == ledger.rows.count)
      #expect(!diagnostics.hasErrors)
      let loose = diagnostics.all.count { $0.code == "import.drawio.dangling-edge" }
      #expect(loose >= totals.edgesOneEnd + 2 * totals.edgesNoEnd, "\(path)")
    }
  }

  @Test func filesThatDoNotParseGiveALocatedError() throws {
    let files = try Corpus.expectations(kind: "drawio").filter {
      $0.metrics["parses"]?.hasPrefix("no") == true
    }
    #expect(!files.isEmpty)
    for (path, _) in files {
      var diagnostics = Diagnostics()
      let document = try Corpus.document(path)
      let found = #expect(throws: Diagnostic.self) {
        try DiagramImporters.importDiagram(document, reportingTo: &diagnostics)
      }
      #expect(found?.severity == .error && found?.location?.line != nil)
    }
  }

  @Test func brokenFilesAreNeverReadInPartSilently() throws {
    for name in ["mxcell", "mxfile", "mxgraphmodel", "root"] {
      var diagnostics = Diagnostics()
      let diagram = try DiagramImporters.importDiagram(
        try Corpus.document("drawio/startleft/wrong_\(name).drawio"), reportingTo: &diagnostics)
      #expect(diagnostics.all.contains { $0.severity == .warning }, "wrong_\(name)")
      #expect(diagram.ledger.totals.unknownElements > 0)
    }
  }
}

import EngineSupport
import Testing
import ThreatKnowledge

@testable import Reporting

/// The report names version, digest and licence of each catalogue.
@Suite struct CatalogueReportTests {
  @Test func everyCatalogueIsNamedAsData() throws {
    let document = JSONReporter.document(of: try Fixture().result())
    let rows = try #require(document["knowledge"]?.elements)
    #expect(
      rows.map { $0["id"]?.string } == KnowledgeBase.bundled.catalogues.map(\.id))
    for (row, catalogue) in zip(rows, KnowledgeBase.bundled.catalogues) {
      #expect(row["sha256"]?.string == catalogue.digest.hexadecimal)
      #expect(row["version"]?.string == catalogue.version)
      #expect(row["entries"]?.integer == catalogue.entries.count)
      #expect(row["origin"]?.string == "bundled" && row["file"] == nil)
    }
  }

  @Test func everyCatalogueIsNamedOnThePage() throws {
    let section = EvidenceSection(result: try Fixture().result(), layout: GridLayout())
    var bytes: [UInt8] = []
    Markup.group(section.content()).write(to: &bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    for catalogue in KnowledgeBase.bundled.catalogues {
      #expect(text.contains(catalogue.digest.hexadecimal), "\(catalogue.id)")
    }
    #expect(
      text.contains("reproduced and distributed with the permission of The MITRE Corporation"))
  }
}

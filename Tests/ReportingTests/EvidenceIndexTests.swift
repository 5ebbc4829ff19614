import AssessmentPipeline
import EngineSupport
import Foundation
import Provenance
import Testing
import ThreatKnowledge

@testable import Reporting

/// The numbers of evidence: each record once, in order of first citation, and runs without a gap.
@Suite struct EvidenceIndexTests {
  private func result(citing orders: [[Int]]) throws -> AssessmentResult {
    var result = try Fixture().result()
    let all = result.findings[0].evidence
    result.findings = orders.map { order in
      var finding = result.findings[0]
      finding.evidence = order.map { all[$0] }
      return finding
    }
    return result
  }

  @Test func recordsAreNumberedOnceInOrderOfFirstCitation() throws {
    let result = try result(citing: [[3, 1, 3], [1, 0, 4]])
    let index = EvidenceIndex(of: result)
    let all = try Fixture().result().findings[0].evidence
    #expect(index.items.map(\.evidence) == [3, 1, 0, 4].map { all[$0] })
    // The ledger's first line is the engine's, then the records in order of role.
    #expect(index.items.map(\.ledgerLine) == [5, 3, 2, 6])
  }

  @Test func runsJoinNeighboursAndOnlyThose() throws {
    let result = try result(citing: [[0, 1, 2, 3, 4, 5], [4, 0, 2, 1, 0], [5], []])
    let index = EvidenceIndex(of: result)
    #expect(
      result.findings.map(index.runs) == [[1...6], [1...3, 5...5], [6...6], []])
  }

  @Test func aRecordOutsideTheLedgerHasNoLine() throws {
    var result = try result(citing: [[0]])
    result.findings[0].evidence[0].record = ContentDigest(of: "elsewhere".utf8)
    #expect(EvidenceIndex(of: result).items.map(\.ledgerLine) == [nil])
  }

  @Test func everyFindingLinksToItsRowsWithFullDigestAndPlace() throws {
    let result = try Fixture().result()
    let file = try #require(HTMLReporter(layout: GridLayout()).render(result).first)
    let page = String(decoding: file.bytes, as: UTF8.self)
    let marks = "<a href=\"#evidence-1\">#1</a>–<a href=\"#evidence-6\">#6</a>"
    // Once in the box of each finding, once in the table of all findings.
    #expect(page.components(separatedBy: marks).count - 1 == 2 * result.findings.count)
    for number in 1...6 {
      #expect(page.components(separatedBy: "id=\"evidence-\(number)\"").count == 2)
    }
    let item = try #require(result.findings.first?.evidence.first)
    #expect(page.contains(item.digest.hexadecimal))
    #expect(page.contains(try #require(item.location).description))
  }

  @Test func aTestRunStandsInTheFileOfItsSamples() throws {
    var result = try result(citing: [[0]])
    let test = try #require(result.models.first?.tests.first)
    result.findings[0].evidence[0].location = nil
    result.findings[0].evidence[0].record = test.record
    let section = EvidenceSection(result: result, layout: GridLayout())
    var bytes: [UInt8] = []
    Markup.group(section.content()).write(to: &bytes)
    let place = "<code>tests/brain.\(test.step.rawValue).jsonl</code>"
    #expect(String(decoding: bytes, as: UTF8.self).contains(place))
  }
}

import AssessmentPipeline
import EngineSupport
import Foundation
import Testing
import ThreatKnowledge

@testable import Reporting

/// Requirements that the press reports appear with their label on every row, and only as reported.
@Suite struct StandardTests {
  @Test func everyRowOfTheDataCarriesItsLabel() throws {
    let standard = try #require(JSONReporter.document(of: try Fixture().result())["standard"])
    let rows = try #require(standard["reported"]?.elements)
    #expect(rows.map { $0["id"]?.string } == ReportedRequirement.all.map(\.id))
    #expect(rows.map { $0["clause"]?.string } == ["7.3", "7.4", "7.5", nil, nil, nil])
    #expect(rows.allSatisfy { $0["status"]?.string == "as reported, not verified" })
    #expect(standard["note"]?.elements?.compactMap(\.string) == Wording.standard)
  }

  @Test func everyRowOfThePageCarriesItsLabel() throws {
    let section = StandardSection(result: try Fixture().result(), layout: GridLayout())
    var bytes: [UInt8] = []
    Markup.group(section.content()).write(to: &bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    let label = "<strong class=\"nowrap\">\(ReportedRequirement.label)</strong>"
    #expect(text.components(separatedBy: label).count - 1 == ReportedRequirement.all.count)
    for requirement in ReportedRequirement.all { #expect(text.contains(requirement.id)) }
  }

  /// Where a row points to a section, that section exists under this very title.
  @Test func sectionsThatSpeakToASubjectExist() {
    let titles: Set = [
      LineageSection.title, ModelSection.title, ArchitectureSection.title, AttackSection.title,
      "not assessed by this version",
    ]
    #expect(titles.isSuperset(of: ReportedRequirement.all.map(\.spokenToIn)))
  }
}

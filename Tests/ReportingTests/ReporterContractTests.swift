import AssessmentPipeline
import EngineSupport
import Foundation
import Testing
import ThreatKnowledge

@testable import Reporting

/// What every reporter passes: the same bytes twice, safe names, and hostile text that stays text.
@Suite struct ReporterContractTests {
  private static let reporters = Reporters.all(layout: GridLayout())

  static let hostileLabels = [
    "<script>alert(1)</script>", "]]>", "\"><img src=x onerror=alert(1)>", "' onload='x",
    "&amp;&lt;",
    "-->", "</style><b>", "\u{202E}evil\u{202C} \u{200F}rtl",
    "nul\u{0}bell\u{7}esc\u{1B}[31m\u{85}",
    "\u{FFFE}\u{FFFF}\u{2028}", String(repeating: "long", count: 2_500), "👩‍🚒🇨🇭 水処理 e\u{301}",
    // A page stays below the 10 MB that the parser of these tests reads.
    String(repeating: "\u{301}", count: 5_000), "", " ", "\n\t", "url(javascript:x)",
    "n0 -> n1; }",
  ]

  @Test func listHoldsEveryReporterOfTheFolderInOrder() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Reporting/Reporters")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }
    let listed = Self.reporters.map { String(describing: type(of: $0)) }
    #expect(files.sorted() == listed.sorted())
    let formats = Self.reporters.map { type(of: $0).format }
    #expect(formats == formats.sorted())
    #expect(Set(formats).count == formats.count)
  }

  @Test func sameResultGivesTheSameBytes() throws {
    for reporter in Self.reporters {
      let first = try reporter.render(Fixture().result())
      #expect(try reporter.render(Fixture().result()) == first)
      #expect(!first.isEmpty)
    }
  }

  @Test(arguments: hostileLabels.indices)
  func hostileTextStaysText(label index: Int) throws {
    let label = Self.hostileLabels[index]
    let result = try Fixture(label: label).result()
    for file in try Self.reporters.flatMap({ try $0.render(result) }) {
      #expect(
        file.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "./-_".contains($0)) })
      #expect(!file.name.contains("..") && !file.name.hasPrefix("/"))
      let text = try #require(String(validating: file.bytes, as: UTF8.self))
      if file.name.hasSuffix(".html") { _ = try PageInspector.check(text) }
      if file.name.hasSuffix(".json") {
        _ = try JSONParser.parse(InputDocument(name: file.name, bytes: file.bytes))
      }
      if file.name.hasSuffix(".jsonl") {
        for line in file.bytes.split(separator: UInt8(ascii: "\n")) {
          let value = try JSONParser.parse(InputDocument(name: file.name, bytes: Array(line)))
          #expect(CanonicalJSON.bytes(of: value) == Array(line))
        }
      }
    }
  }

  @Test func nothingIsLoadedAndNothingClaimsConformity() throws {
    for file in try Self.reporters.flatMap({ try $0.render(Fixture().result()) }) {
      let text = String(decoding: file.bytes, as: UTF8.self)
      #expect(!text.lowercased().contains("complies"))
      if file.name.hasSuffix(".html") {
        for load in ["http:", "https:", "src=", "@import", "url(", "<script", "<link", "<iframe"] {
          #expect(!text.lowercased().contains(load), "\(load)")
        }
        #expect(text.contains("as reported, not verified"))
        #expect(text.contains("default-src &#39;none&#39;"))
      }
    }
  }

  @Test(arguments: ["", "hostile \u{1} \u{202E} label"], Fixture.Input.allCases)
  func dataFollowsItsSchema(label: String, input: Fixture.Input) throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("schemas/threat-model-1.schema.json").path
    let bytes = try #require(FileManager.default.contents(atPath: path))
    let schema = try JSONParser.parse(InputDocument(name: "schema", bytes: Array(bytes)))
    let document = JSONReporter.document(of: try Fixture(label: label, input: input).result())
    let kinds = schema["$defs"]?["product"]?["properties"]?["consequences"]?["items"]?[
      "properties"]?[
        "kind"]?["enum"]?.elements?.compactMap(\.string)
    #expect(kinds == ConsequenceKind.allCases.map(\.rawValue).sorted())
    let run = document["models"]?.elements?.first?["run"]
    #expect((run?["streams"] != nil) == (input == .signal))
    #expect(SchemaCheck(schema).violations(of: document) == [])
    #expect(document["models"]?.elements?.first?["run"]?["brackets"] != nil)
    #expect(!SchemaCheck(schema).violations(of: .object([("schema", "other")])).isEmpty)
  }

  @Test func namesOfTestRecordsCannotLeaveTheirFolder() throws {
    var result = try Fixture().result()
    result.models[0].id = "../../etc/passwd"
    let names = TestRecordReporter().render(result).map(\.name)
    #expect(names.first == "tests/_2e__2e__2f__2e__2e__2f_etc_2f_passwd.evadeBySensor.jsonl")
  }
}

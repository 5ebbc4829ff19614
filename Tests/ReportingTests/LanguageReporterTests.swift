import EngineSupport
import Foundation
import FoundationXML
import Testing
import ThreatKnowledge
import ThreatLanguage

@testable import Reporting

/// The page of a threat language: complete, linked, the same every time, and hostile text stays text.
@Suite struct LanguageReporterTests {
  private static func compile(_ documents: [InputDocument]) throws -> CompiledLanguage {
    var diagnostics = Diagnostics()
    return try #require(
      CompiledLanguage(
        reading: documents[0], including: Array(documents.dropFirst()),
        reportingTo: &diagnostics), "\(diagnostics.all)")
  }

  private static let everything = #"""
    #id: "org.example.page" #version: "1.0.0"
    category System user info: "parts" {
      abstract asset Thing { let up = parents | start -> stop | stop }
      asset Host extends Thing user info: "a & b" {
        let kin = up() \/ guests[Host]
        | start @entry {C, I} [Exponential(0.1) * 2] +> kin().stop, (guests /\ parents - up()).stop,
          guests[Host]*.stop A> self / guests[Host]:1..2 ^ ~parents:*
        & action both {A} ! seen (guests.start g) logon [tpr: 0.9] -> stop
        # patched [Bernoulli(0.4)] -> both
        E hasGuests <- guests -> start
      }
      asset Guest extends Thing { | start -> parents.stop }
    }
    associations {
      Thing [parents] 0..1 <-- Tree --> * [children] Thing
      Host [host] 1 <-- Runs --> 2..* [guests] Thing user info: "runs"
    }
    """#

  private func page(_ language: CompiledLanguage) throws -> String {
    let bytes = LanguageReporter.page(of: language)
    #expect(bytes == LanguageReporter.page(of: language), "the same bytes every time")
    return try #require(String(validating: bytes, as: UTF8.self))
  }

  private func check(_ page: String) throws {
    let parser = XMLParser(data: Data(page.dropFirst("<!DOCTYPE html>\n".count).utf8))
    let inspector = PageInspector()
    parser.delegate = inspector
    #expect(parser.parse(), "\(String(describing: parser.parserError)) line \(parser.lineNumber)")
    #expect(inspector.elements.isSubset(of: PageInspector.allowedElements))
    #expect(inspector.attributes.isSubset(of: PageInspector.allowedAttributes))
    #expect(inspector.repeatedIDs.isEmpty)
    #expect(inspector.danglingLinks.isEmpty)
    #expect(inspector.unlabelledTables == 0)
  }

  @Test func everythingIsOnThePage() throws {
    let language = try Self.compile([
      InputDocument(name: "page.mal", bytes: Array(Self.everything.utf8))
    ])
    let page = try page(language)
    try check(page)
    let text = page.replacing(#/<[^>]*>/#, with: "")
    for part in [
      "org.example.page", "Category System", "user: parts", "a &amp; b", "extends Thing",
      "extended by Host, Guest", "Exponential(0.1) * 2", "confidentiality, integrity", "@entry",
      "(up() \\/ guests[Host])", "((guests /\\ parents) - up()).stop", "guests[Host]*.stop",
      "A&gt; self / guests[Host]:1..2 ^ ~parents:0..*", "AND step, action", "Bernoulli(0.4)",
      "existence check", "seen, type logon, seeing g, true positive rate 0.9", "2..*",
      "page.mal:6", "runs", "Host.both", "Thing.start",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func theBundledLanguageHasItsPage() throws {
    let language = try Self.compile(IndustrialLanguage.sources)
    let page = try page(language)
    try check(page)
    for type in language.assetTypes { #expect(page.contains(type.name)) }
    for load in ["http:", "https:", "src=", "@import", "url(", "<script", "<link", "<iframe"] {
      #expect(!page.lowercased().contains(load), "\(load)")
    }
  }

  @Test(arguments: ReporterContractTests.hostileLabels.indices)
  func hostileTextStaysText(label index: Int) throws {
    let label = ReporterContractTests.hostileLabels[index]
    let name = JSONValue.string(label.isEmpty ? "x" : label)
    let end: [(String, JSONValue)] = [
      ("name", name), ("meta", .object([(label, name)])), ("leftAsset", name), ("leftField", "l"),
      ("leftMultiplicity", ["min": 0, "max": 1]), ("rightAsset", name), ("rightField", name),
      ("rightMultiplicity", ["min": 0, "max": 1]),
    ]
    let lead: JSONValue = [
      "type": "collect", "lhs": ["type": "field", "name": name],
      "rhs": ["type": "attackStep", "name": "s"],
    ]
    let specification: JSONValue = [
      "formatVersion": "1.0.0", "defines": ["id": name, "version": "1.0.0"],
      "categories": [["name": name, "meta": .object([(label, name)])]],
      "assets": [
        [
          "name": name, "meta": .object([(label, name)]), "category": name, "isAbstract": false,
          "superAsset": .null, "variables": [],
          "attackSteps": [
            [
              "name": "s", "meta": .object([(label, name)]), "type": "or", "tags": [name],
              "risk": .null, "ttc": .null, "requires": .null,
              "reaches": ["overrides": true, "stepExpressions": [lead]],
            ]
          ],
        ]
      ],
      "associations": [.object(end.map { ($0.0, Optional($0.1)) })],
    ]
    let document = InputDocument(
      name: "l.json", bytes: SpecificationText.bytes(of: specification))
    try check(try page(try Self.compile([document])))
  }
}

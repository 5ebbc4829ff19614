import EngineSupport
import Foundation
import Testing

@testable import ThreatKnowledge

/// The importers of catalogues: each reads its own form, and says what it leaves out.
@Suite struct ImporterTests {
  @Test func everyImporterOfTheFolderIsInTheList() throws {
    let folder = SharedFiles.packageRoot.appending(
      path: "Sources/ThreatKnowledge/Catalogues/Import")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix("Importer.swift") && $0 != "CatalogueImporter.swift" }.sorted()
    #expect(files == CatalogueImporters.all.map { "\($0).swift" })
  }

  @Test func eachFormIsRecognisedByOneImporter() {
    for (name, text) in ImporterFixtures.all + [("nothing", "hello"), ("other", "{\"a\":1}")] {
      let document = InputDocument(name: name, bytes: Array(text.utf8))
      let found = CatalogueImporters.all.filter { $0.recognizes(document) }
      #expect(found.count == (["nothing", "other"].contains(name) ? 0 : 1), "\(name): \(found)")
    }
    let unknown = ImporterFixtures.read("hello".utf8)
    #expect(unknown.error?.code.name == "knowledge.import.unrecognised")
    #expect(unknown.error?.hint?.contains("STIX 2.1") == true)
  }

  @Test func aSTIXBundleBecomesACatalogue() throws {
    let read = ImporterFixtures.read(ImporterFixtures.stix.utf8, named: "ics.json")
    let catalogue = try #require(read.catalogue)
    #expect(catalogue.id == "attack-ics")
    #expect(catalogue.version == "99.1")
    #expect(catalogue.origin == .imported("ics.json"))
    #expect(
      catalogue.entries.map(\.id) == [
        "TA9001", "T9001", "T9002", "M9001", "G9001", "S9001", "C9001",
      ])
    #expect(catalogue.entry("T9001")?.targets(.tactic) == ["TA9001"])
    #expect(catalogue.entry("T9002")?.flags == [.deprecated])
    #expect(catalogue.entry("G9001")?.flags == [.revoked])
    #expect(catalogue.entry("G9001")?.values("alsoCalled") == ["Gang"])
    #expect(catalogue.entry("M9001")?.targets(.mitigates) == ["T9001"])
    #expect(catalogue.entry("M9001")?.targets(.mappedTo) == ["CR 2.1"])
    #expect(catalogue.entry("M9001")?.values("nist80053") == ["AC-3"])
    #expect(catalogue.entry("C9001")?.values("firstSeen") == ["2015-12-01"])
    // The relation to T9002 is revoked.
    #expect(catalogue.entry("C9001")?.targets(.uses) == ["S9001"])
    #expect(catalogue.entry("C9001")?.targets(.attributedTo) == ["G9001"])
    #expect(read.diagnostics.map(\.code.name) == ["knowledge.import.left-out"])
    #expect(read.diagnostics.first?.location?.line == 12)
  }

  @Test func anATLASFileBecomesACatalogue() throws {
    let read = ImporterFixtures.read(ImporterFixtures.atlas.utf8, named: "ATLAS.yaml")
    let catalogue = try #require(read.catalogue, "\(String(describing: read.error))")
    #expect(catalogue.id == "atlas")
    // A number would have lost the last zero.
    #expect(catalogue.version == "5.60")
    #expect(
      catalogue.entries.map(\.id) == [
        "AML.TA9000", "AML.T9000", "AML.T9000.000", "AML.M9000", "AML.CS9000",
      ])
    #expect(catalogue.entry("AML.T9000")?.targets(.tactic) == ["AML.TA9000"])
    #expect(catalogue.entry("AML.T9000")?.targets(.refersTo) == ["T9001"])
    #expect(catalogue.entry("AML.T9000.000")?.targets(.parent) == ["AML.T9000"])
    #expect(catalogue.entry("AML.T9000.000")?.targets(.tactic) == ["AML.TA9000"])
    #expect(catalogue.entry("AML.M9000")?.targets(.mitigates) == ["AML.T9000"])
    #expect(catalogue.entry("AML.CS9000")?.targets(.uses) == ["AML.T9000"])
    #expect(read.diagnostics.count == 1)
    #expect(read.diagnostics.first?.location?.line == 29)
  }

  @Test func aCatalogueOfOnesOwnIsImported() throws {
    let catalogue = try #require(ImporterFixtures.read(ImporterFixtures.own.utf8).catalogue)
    #expect(catalogue.id == "our-own")
    #expect(catalogue.entry("x-1")?.name == "Be careful")
  }

  @Test func withdrawnEntriesGiveWay() throws {
    let object = { (name: String, more: String) in
      "{\"type\":\"malware\",\"id\":\"malware--\(name)\",\"name\":\"\(name)\"\(more),"
        + "\"external_references\":[{\"source_name\":\"mitre-attack\",\"external_id\":\"S1\"}]}"
    }
    let objects = [
      object("old", ",\"revoked\":true"), object("new", ""), object("again", ""),
      object("older", ",\"x_mitre_deprecated\":true"),
    ]
    let text = ImporterFixtures.stix.replacingOccurrences(
      of: "\"objects\":[", with: "\"objects\":[" + objects.joined(separator: ",") + ",")
    let read = ImporterFixtures.read(text.utf8)
    #expect(read.catalogue?.entry("S1")?.name == "new")
    #expect(read.diagnostics.contains { $0.message.contains("\"S1\" stands twice") })
  }

  @Test func bundlesWithoutVersionOrMatrixAreRefused() {
    let noVersion = ImporterFixtures.stix.replacingOccurrences(
      of: "x-mitre-collection", with: "x-other")
    #expect(ImporterFixtures.read(noVersion.utf8).error?.code.name == "knowledge.stix.version")
    let noMatrix = ImporterFixtures.stix.replacingOccurrences(of: "ics-attack\"", with: "x\"")
    #expect(ImporterFixtures.read(noMatrix.utf8).error?.code.name == "knowledge.stix.domain")
    #expect(
      ImporterFixtures.read("{\"type\":\"bundle\",\"objects\":7}".utf8).error?.code.name
        == "knowledge.stix.malformed")
    #expect(
      ImporterFixtures.read("version: 1\nmatrices: 7\n".utf8).error?.code.name
        == "knowledge.atlas.malformed")
    #expect(
      ImporterFixtures.read("id: a\nmatrices: []\n".utf8).error?.message.contains("version")
        == true)
  }
}

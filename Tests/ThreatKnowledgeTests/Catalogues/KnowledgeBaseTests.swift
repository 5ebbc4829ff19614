import EngineSupport
import Testing

@testable import ThreatKnowledge

/// Looking up, reading relations both ways, and putting imported catalogues in place.
@Suite struct KnowledgeBaseTests {
  private static let digest = ContentDigest(bytes: Array(repeating: 7, count: 32))

  private func catalogue(_ id: String, _ entries: [CatalogueEntry]) throws -> KnowledgeCatalogue {
    KnowledgeCatalogue(
      id: id, title: id, version: "1", source: "a test", licence: "none",
      digest: try #require(Self.digest), origin: .imported("\(id).json"), entries: entries)
  }

  @Test(arguments: [
    ("t0855", "T0855"), ("CR 3.1", "CR 3.1"), ("cr3.1", "CR 3.1"), ("CR 1.1 RE(1)", "CR 1.1 RE(1)"),
    ("cr 1.1 re1", "CR 1.1 RE(1)"), ("aml.t0043", "AML.T0043"), ("A.6.2.4", "A.6.2.4"),
    ("cwe-345", "CWE-345"), ("ai act 15.4", "AI Act 15.4"), ("aitm-7.5-ar", "AITM-7.5-AR"),
    ("sr-2", "SR-2"),
  ])
  func identifiersAreFoundInAnyCaseAndSpacing(_ written: String, _ id: String) throws {
    #expect(try #require(KnowledgeBase.bundled.match(written)).entry.id == id)
  }

  @Test func unknownOnesAreHintedAt() {
    #expect(KnowledgeBase.bundled.match("T9999") == nil)
    #expect(KnowledgeBase.bundled.hint(for: "AML.T004E") != nil)
    #expect(KnowledgeBase.bundled.hint(for: "CR 31") == "did you mean `CR 3.1`?")
    #expect(KnowledgeBase.bundled.hint(for: "wholly unlike anything") == nil)
  }

  @Test func relationsAreReadBothWays() throws {
    let knowledge = KnowledgeBase.bundled
    let technique = try #require(knowledge.match("T0800"))
    let relations = knowledge.relations(of: technique)
    let mitigated = relations.filter { $0.kind == .mitigates }
    #expect(mitigated.count == 8)
    #expect(mitigated.allSatisfy { $0.isInverse && $0.title == "mitigated by" })
    #expect(mitigated.contains { $0.match?.entry.name == "Authorization Enforcement" })
    #expect(relations.contains { $0.kind == .tactic && !$0.isInverse && $0.other == "TA0107" })
    let control = try #require(knowledge.match("A.6.2.4"))
    let proposed = knowledge.relations(of: control).filter { $0.statedBy == "mappings" }
    #expect(proposed.contains { $0.other == "CR 3.5" && !$0.isInverse })
    let row = try #require(knowledge.match("CR 3.5"))
    #expect(
      knowledge.relations(of: row).contains { $0.other == "A.6.2.4" && $0.isInverse })
  }

  /// FR1 is in two parts of IEC 62443; each has its own requirements.
  @Test func namesakesKeepTheirOwnRelations() throws {
    let matches = KnowledgeBase.bundled.matches("FR1")
    #expect(matches.map(\.catalogue.id) == ["iec62443-3-3", "iec62443-4-2"])
    for match in matches {
      let parts = KnowledgeBase.bundled.relations(of: match).filter { $0.kind == .parent }
      let prefix = match.catalogue.id == "iec62443-3-3" ? "SR" : ""
      #expect(!parts.isEmpty)
      #expect(parts.allSatisfy { $0.match?.catalogue.id == match.catalogue.id })
      #expect(parts.allSatisfy { $0.other.hasPrefix(prefix) })
    }
  }

  @Test func anImportedCatalogueTakesThePlaceOfTheBundledOne() throws {
    let knowledge = KnowledgeBase.bundled
    let mine = try catalogue(
      "attack-ics", [CatalogueEntry(id: "T0855", kind: .technique, name: "Renamed")])
    let other = try catalogue("our-own", [CatalogueEntry(id: "X-1", kind: .control)])
    let replaced = knowledge.replacing(with: [mine, other])
    #expect(
      replaced.catalogues.map(\.id) == knowledge.catalogues.map(\.id) + ["our-own"])
    #expect(replaced.match("t0855")?.entry.name == "Renamed")
    #expect(replaced.match("T0800") == nil)
    #expect(replaced.match("x-1")?.entry.title == "X-1")
    #expect(replaced.match("x-1")?.catalogue.origin == .imported("our-own.json"))
  }
}

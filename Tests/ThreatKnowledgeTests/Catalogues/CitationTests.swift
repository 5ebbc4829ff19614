import EngineSupport
import Testing
import ThreatKnowledge
import ThreatLanguage

/// What texts of a threat language name in the catalogues.
@Suite struct CitationTests {
  @Test(arguments: [
    ("T0830 Adversary-in-the-Middle", ["T0830"]),
    ("T0830, AML.T0043;CR 3.1", ["T0830", "AML.T0043", "CR 3.1"]),
    ("CR 1.1 RE (1), CR 1.1 RE(2) multifactor", ["CR 1.1 RE(1)", "CR 1.1 RE(2)"]),
    ("Denial of service", []), ("", []), (" , ;", []), ("AI Act 15.4 robust", ["AI Act 15.4"]),
  ])
  func partsBeginWithIdentifiers(_ text: String, _ ids: [String]) {
    #expect(KnowledgeBase.bundled.matches(citedIn: text).map(\.entry.id) == ids)
  }

  @Test func theBundledLanguageCitesTheCatalogues() throws {
    var diagnostics = Diagnostics()
    let language = try #require(
      CompiledLanguage(sources: IndustrialLanguage.sources, reportingTo: &diagnostics))
    let citations = KnowledgeBase.bundled.citations(of: language)
    #expect(citations.contains { $0.match.entry.id == "T0866" })
    #expect(Set(citations.map(\.match.catalogue.id)).isSuperset(of: ["atlas", "attack-ics"]))
  }
}

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

  /// What looks like an identifier of ATT&CK or ATLAS is one.
  @Test func nothingIsCitedThatNoCatalogueHolds() throws {
    var diagnostics = Diagnostics()
    let language = try #require(
      CompiledLanguage(sources: IndustrialLanguage.sources, reportingTo: &diagnostics))
    var checked = 0
    for type in language.assetTypes {
      for step in type.steps {
        for meta in step.meta where ["attack", "atlas"].contains(meta.key) {
          for part in KnowledgeBase.bundled.parts(citedIn: meta.text)
          where part.text.split(separator: " ")[0].contains(where: \.isNumber) {
            #expect(!part.matches.isEmpty, "\(type.name).\(step.name) cites \(part.text)")
            checked += 1
          }
        }
      }
    }
    #expect(checked > 10)
  }
}

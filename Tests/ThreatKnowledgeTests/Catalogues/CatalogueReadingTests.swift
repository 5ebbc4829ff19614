import EngineSupport
import Testing

@testable import ThreatKnowledge

/// The program's own form of a catalogue: what is wrong is said with its place.
@Suite struct CatalogueReadingTests {
  private func error(_ entries: String, head: String = "") -> Diagnostic? {
    let text = """
      {"format":1,"id":"mine","title":"Mine","version":"1","source":"s","licence":"l"\(head),
      "entries":[
      \(entries)
      ]}
      """
    return error(of: text)
  }

  private func error(of text: String) -> Diagnostic? {
    guard let digest = ContentDigest(bytes: Array(repeating: 0, count: 32)) else { return nil }
    do throws(Diagnostic) {
      _ = try KnowledgeCatalogue(
        reading: InputDocument(name: "mine.json", bytes: Array(text.utf8)), digest: digest,
        origin: .imported("mine.json"))
      return nil
    } catch {
      return error
    }
  }

  @Test func aSoundCatalogueIsRead() {
    #expect(
      error(
        """
        {"id":"A","kind":"control","attributes":{"slC":["2"]},"relations":{"parent":["B"]},"flags":["draft"]}
        """) == nil)
  }

  @Test(arguments: [
    "{\"kind\":\"control\"}", "{\"id\":\"A\"}", "{\"id\":\"A\",\"kind\":\"wish\"}", "7",
    "{\"id\":\"\",\"kind\":\"control\"}", "{\"id\":\"A\",\"kind\":\"control\",\"flags\":[\"new\"]}",
    "{\"id\":\"A\",\"kind\":\"control\",\"relations\":{\"likes\":[\"B\"]}}",
    "{\"id\":\"A\",\"kind\":\"control\",\"attributes\":{\"a\":\"b\"}}",
    "{\"id\":\"A\",\"kind\":\"control\",\"attributes\":[]}",
    "{\"id\":\"A\",\"kind\":\"control\",\"name\":7}",
    "{\"id\":\"A\",\"kind\":\"control\",\"name\":\"red \\u001b[31m\"}",
    "{\"id\":\"A\",\"kind\":\"control\",\"name\":\"turned \\u202e\"}",
    "{\"id\":\"A 1\",\"kind\":\"control\"},\n{\"id\":\"a1\",\"kind\":\"control\"}",
  ])
  func whatIsWrongIsSaidWithItsLine(_ entry: String) throws {
    let diagnostic = try #require(error(entry))
    #expect(diagnostic.code.name == "knowledge.catalogue.malformed")
    #expect((diagnostic.location?.line ?? 0) >= 3, "\(diagnostic)")
  }

  @Test func headsAreChecked() {
    #expect(error(of: "{}")?.code.name == "knowledge.catalogue.malformed")
    #expect(error(of: "{\"format\":1}")?.message.contains("entries") == true)
    #expect(
      error(of: "{\"format\":1,\"id\":\"Mine!\",\"entries\":[]}")?.message.contains("a-z") == true)
    #expect(error("", head: ",\"links\":[{\"from\":\"A\"}]") != nil)
    #expect(
      error("", head: ",\"links\":[{\"from\":\"A\",\"kind\":\"parent\",\"to\":\"B\"}]") != nil)
  }
}

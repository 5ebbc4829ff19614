import EngineSupport
import Testing

@Suite struct JSONTests {
  @Test func valuesAreCounted() throws {
    let document = InputDocument(name: "a.json", bytes: Array("[1, {\"a\": [2]}]".utf8))
    #expect(try JSONParser.parse(document, valueLimit: 5).elements?.count == 2)
    #expect(throws: Diagnostic.self) { try JSONParser.parse(document, valueLimit: 4) }
  }

  private func parse(_ text: String) throws -> JSONValue {
    try JSONParser.parse(InputDocument(name: "t.json", bytes: Array(text.utf8)))
  }

  @Test func readsValuesWithTheirPlaces() throws {
    let value = try parse("{\n  \"a\": [1, -2.5e3, \"x\\u00e9\\ud83d\\ude00\"],\n  \"b/c\": null }")
    #expect(value["a"]?.elements?[0].integer == 1)
    #expect(value["a"]?.elements?[1].double == -2500)
    #expect(value["a"]?.elements?[2].string == "xé😀")
    let place = try #require(value["b/c"]?.location)
    #expect(place.line == 3 && place.column == 10 && place.path == "/b~1c")
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,\"a\":2}", "01", "-", "1.", "\"\\ud800\"", "tru", "[1] 2",
    "\"\u{1}\"",
    "nan", "{\"a\" 1}", "\"\\x\"",
  ])
  func refusesWhatIsNotJSON(_ text: String) {
    #expect(throws: Diagnostic.self) { try parse(text) }
  }

  @Test func refusesDeepNestingWithoutOverflow() {
    #expect(throws: Diagnostic.self) { try parse(String(repeating: "[", count: 100_000)) }
  }

  @Test func refusesKeysThatWouldMultiplyTheDocumentInMemory() throws {
    func document(keyLength: Int, elements: Int) -> String {
      let key = String(repeating: "k", count: keyLength)
      return "{\"\(key)\":[" + Array(repeating: "0", count: elements).joined(separator: ",") + "]}"
    }
    #expect(throws: Diagnostic.self) { try parse(document(keyLength: 20_000, elements: 20_000)) }
    #expect(try parse(document(keyLength: 100, elements: 20_000)).members?.count == 1)
  }

  @Test func everyTruncationEndsInADiagnostic() throws {
    let text = #"{"name":"model","hashes":[{"alg":"SHA-256","content":"ab"}],"n":12,"f":false}"#
    for count in 0..<text.utf8.count {
      #expect(throws: Diagnostic.self) { try parse(String(text.prefix(count))) }
    }
    #expect(try parse(text)["n"]?.integer == 12)
  }

  @Test func canonicalFormSortsByCodeUnitsAndEscapesMinimally() throws {
    // The example of RFC 8785, section 3.2.3, without its fractional numbers.
    let value: JSONValue = [
      "\u{20ac}": "Euro Sign", "\r": "Carriage Return",
      "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
      "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
      "\u{f6}": "Latin Small Letter O With Diaeresis",
    ]
    let keys = String(decoding: CanonicalJSON.bytes(of: value), as: UTF8.self)
    #expect(
      keys
        == "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\","
        + "\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\","
        + "\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
    )
    #expect(
      try parse(keys)
        == parse(String(decoding: CanonicalJSON.bytes(of: try parse(keys)), as: UTF8.self)))
  }

  @Test func decimalTextRoundsAndPads() {
    #expect(DecimalText.fixed(0.125, digits: 2) == "0.13")
    #expect(DecimalText.fixed(-0.0004, digits: 3) == "0.000")
    #expect(DecimalText.fixed(12.05, digits: 1) == "12.1")
    #expect(DecimalText.fixed(3, digits: 0) == "3")
    #expect(DecimalText.percent(0.0362, digits: 1) == "3.6 %")
  }
}

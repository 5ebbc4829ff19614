import EngineSupport
import Foundation
import Testing
import ThreatLanguage

@Suite("Hostile MAL source ends in a language or in diagnostics")
struct LanguageRobustnessTests {
  /// Compiles and checks that failure is never silent, and that places lie inside the document.
  private func survive(_ bytes: [UInt8], _ note: @autoclosure () -> String) {
    var diagnostics = Diagnostics()
    let language = CompiledLanguage(
      sources: [InputDocument(name: "m.mal", bytes: bytes)], reportingTo: &diagnostics)
    if (language == nil) != diagnostics.hasErrors { Issue.record("silent: \(note())") }
    for diagnostic in diagnostics.all {
      guard let range = diagnostic.location?.byteRange else { continue }
      if range.upperBound > bytes.count { Issue.record("\(diagnostic) is outside: \(note())") }
    }
  }

  @Test func everyPrefix() {
    let bytes = Array(Fixture.everything.utf8)
    for length in bytes.indices { survive(Array(bytes.prefix(length)), "prefix \(length)") }
  }

  @Test func byteFlips() {
    let bytes = Array(Fixture.everything.utf8)
    let seed: UInt64 = 20_261_121
    var random = SeededRandom(seed: seed)
    for round in 0..<2_000 {
      var changed = bytes
      let place = random.index(below: bytes.count)
      // Half are any byte, half are characters that MAL gives a meaning.
      let meaning = Array("{}[]()\"\\/|&#!E<>-+*.,:@ \n01ab".utf8)
      changed[place] =
        round % 2 == 0
        ? UInt8(truncatingIfNeeded: random.next()) : meaning[random.index(below: meaning.count)]
      survive(changed, "seed \(seed), round \(round), byte \(place) = \(changed[place])")
    }
  }

  @Test(.enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"))
  func prefixesOfARealLanguage() throws {
    let bytes = try Fixture.corpusSources("trainingLang/trainingLang.mal")[0].bytes
    for length in bytes.indices { survive(Array(bytes.prefix(length)), "prefix \(length)") }
  }

  @Test(arguments: [
    ("parentheses", String(repeating: "(", count: 100_000)),
    ("operators", String(repeating: "x \\/ ", count: 100_000)),
    ("stars", "x" + String(repeating: "*", count: 100_000)),
    ("dots", String(repeating: "x.", count: 100_000)),
  ])
  func deepExpressionsAreRefused(name: String, expression: String) {
    let (_, diagnostics) = Fixture.compile(Fixture.language("asset A { | s -> \(expression) }"))
    #expect(diagnostics.map(\.code).first == "mal.expression.too-large")
    let powers = String(repeating: "2^", count: 50_000) + "2"
    let times = Fixture.compile(Fixture.language("asset A { | s [\(powers)] }")).diagnostics
    #expect(times.map(\.code).first == "mal.expression.too-large")
  }

  @Test func variablesThatDoubleAreRefused() {
    var body = "asset A { let v0 = y \\/ y"
    for i in 1..<60 { body += " let v\(i) = v\(i - 1)() \\/ v\(i - 1)()" }
    let source = Fixture.language(
      body + " | s -> v59().s }", associations: "A [x] * <-- L --> * [y] A")
    #expect(Fixture.compile(source).diagnostics.map(\.code) == ["mal.variable.too-large"])
  }

  @Test func longChainsOfVariablesAndTypesAreRefused() {
    var body = "asset A { let v0 = y"
    for i in 1..<5_000 { body += " let v\(i) = v\(i - 1)()" }
    let forward = Fixture.language(body + " }", associations: "A [x] * <-- L --> * [y] A")
    #expect(Fixture.compile(forward).diagnostics.map(\.code) == ["mal.variable.too-large"])
    var backward = "asset A { "
    for i in 0..<5_000 { backward += " let v\(i) = v\(i + 1)()" }
    let calls = Fixture.language(
      backward + " let v5000 = y }", associations: "A [x] * <-- L --> * [y] A")
    #expect(Fixture.compile(calls).diagnostics.map(\.code) == ["mal.variable.too-large"])
    var leftmost = "asset A { "
    for i in 0..<500 { leftmost += " let v\(i) = v\(i + 1)()" + String(repeating: ".y", count: 75) }
    let paths = Fixture.language(
      leftmost + " let v500 = y }", associations: "A [x] * <-- L --> * [y] A")
    #expect(Fixture.compile(paths).diagnostics.map(\.code) == ["mal.variable.too-large"])
    let types = (1..<5_000).map { "asset T\($0) extends T\($0 - 1) { }" }.joined(separator: "\n")
    let (_, diagnostics) = Fixture.compile(Fixture.language("asset T0 { }\n" + types))
    #expect(diagnostics.first?.code == "mal.inheritance.too-deep")
    #expect(diagnostics.count <= 201)
  }

  @Test func inheritanceDoesNotMultiplyMemory() {
    let steps = (0..<2_000).map { "| s\($0)" }.joined(separator: " ")
    let types = (0..<2_000).map { "asset T\($0) extends A { }" }.joined(separator: "\n")
    let (_, diagnostics) = Fixture.compile(Fixture.language("asset A { \(steps) }\n\(types)"))
    #expect(diagnostics.map(\.code) == ["mal.language.too-large"])
  }

  @Test func textThatIsNotUTF8IsRefused() {
    var diagnostics = Diagnostics()
    let document = InputDocument(name: "m.mal", bytes: [0x23, 0xFF, 0xFE])
    #expect(CompiledLanguage(sources: [document], reportingTo: &diagnostics) == nil)
    #expect(diagnostics.all.map(\.code) == ["input.not-utf8"])
  }
}

import EngineSupport
import Foundation
import Testing

@testable import ThreatLanguage

@Suite("Hostile model files end in a model or in located errors")
struct ModelRobustnessTests {
  private static let isExhaustive =
    ProcessInfo.processInfo.environment["BARTIZAN_EXHAUSTIVE"] == "1"
  private static let seed: UInt64 = 20_261_121

  /// Reads and checks that failure is never silent, that places are told, and that what is read can be written.
  private func survive(
    _ bytes: [UInt8], _ language: CompiledLanguage, _ note: @autoclosure () -> String
  ) {
    var diagnostics = Diagnostics()
    let document = InputDocument(name: "m", bytes: bytes)
    let file = InstanceModelFile(
      reading: document, against: language, reportingTo: &diagnostics)
    if (file == nil) != diagnostics.hasErrors { Issue.record("silent: \(note())") }
    for diagnostic in diagnostics.all where diagnostic.location == nil {
      Issue.record("\(diagnostic) has no place: \(note())")
    }
    guard let file else { return }
    do {
      let written = try file.bytes(as: .yaml, in: language)
      var again = Diagnostics()
      let reread = InstanceModelFile(
        reading: InputDocument(name: "w", bytes: written), against: language,
        reportingTo: &again)
      if reread != file { Issue.record("changed by writing: \(note()) \(again.all)") }
    } catch {
      Issue.record("cannot be written: \(error): \(note())")
    }
  }

  private static func subjects() throws -> [(
    name: String, bytes: [UInt8], language: CompiledLanguage
  )] {
    let language = try ModelFixture.language()
    let file = try #require(try ModelFixture.read(ModelFixture.today).file)
    var subjects = [
      ("bundled.yml", Array(ModelFixture.today.utf8), language),
      ("bundled.json", try file.bytes(as: .json, in: language), language),
    ]
    guard Fixture.corpus != nil else { return subjects }
    for (path, languagePath) in ModelFixture.corpusModels {
      subjects.append(
        (
          path, try ModelFixture.corpusModel(path).bytes,
          try ModelFixture.corpusLanguage(languagePath)
        ))
    }
    return subjects
  }

  @Test func truncations() throws {
    var random = SeededRandom(seed: Self.seed).stream("truncations", 0)
    for (name, bytes, language) in try Self.subjects() {
      let lengths =
        Self.isExhaustive
        ? Array(bytes.indices) : (0..<60).map { _ in random.index(below: bytes.count) }
      for length in lengths {
        survive(
          Array(bytes.prefix(length)), language, "\(name), \(length) bytes, seed \(Self.seed)")
      }
    }
  }

  @Test func mutations() throws {
    let rounds = Self.isExhaustive ? 5_000 : 100
    for (name, bytes, language) in try Self.subjects() {
      var random = SeededRandom(seed: Self.seed).stream(named: name, 1)
      for round in 0..<rounds {
        survive(
          Self.mutated(bytes, &random), language, "\(name), round \(round), seed \(Self.seed)")
      }
    }
  }

  /// A byte, a piece or a line changed, dropped, doubled or moved.
  private static func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var changed = bytes
    for _ in 0...random.index(below: 3) {
      let place = random.index(below: changed.count)
      let end = min(changed.count, place + 1 + random.index(below: 40))
      let meaning = Array("{}[]()\"'\\:,-?*&!#|>%@`~<= \n\t0123456789.eE_xb\u{FEFF}é".utf8)
      switch random.index(below: 9) {
      case 0: changed[place] = UInt8(truncatingIfNeeded: random.next())
      case 1: changed[place] = meaning[random.index(below: meaning.count)]
      case 2: changed.insert(meaning[random.index(below: meaning.count)], at: place)
      case 3: changed.removeSubrange(place..<end)
      case 4:
        changed.insert(contentsOf: changed[place..<end], at: random.index(below: changed.count))
      case 5, 6:
        // Numbers near to others: ids that meet, with a 0 before them or without.
        let digits = changed.indices.filter { (0x30...0x39).contains(changed[$0]) }
        guard !digits.isEmpty else { break }
        let digit = digits[random.index(below: digits.count)]
        changed[digit] = UInt8(0x30 + random.index(below: 10))
        if random.index(below: 2) == 0 { changed.insert(0x30, at: digit) }
      case 7:
        let words = [
          "null", "[]", "{}", "-1", "1e999", ".nan", "&a ", "*a", "<<: ", "? ", "!!str ", "\"\"",
          "9999999999999999999",
        ]
        changed.replaceSubrange(place..<place, with: words[random.index(below: words.count)].utf8)
      default:
        let lines = changed.split(separator: 0x0A, omittingEmptySubsequences: false)
        let line = lines[random.index(below: lines.count)]
        changed.insert(
          contentsOf: Array(line) + [0x0A], at: lines[random.index(below: lines.count)].startIndex)
      }
      if changed.isEmpty { changed = [0x0A] }
    }
    return changed
  }

  /// Lines that use `*a39`, under a chain of 39 anchors each of which repeats the one before twice.
  @Test(arguments: [
    "x: *a39", "? *a39\n: x", "*a39 : x", "[*a39]: x", "x: {?*a39 : x}", "x: {<<: *a39}",
  ])
  func aliasBombs(use: String) throws {
    for repeated in ["[*a#, *a#]", "{x: *a#, y: *a#}", "{<<: [{l: *a#}, {m: *a#}]}"] {
      let anchors = (1..<40).map {
        "l\($0): &a\($0) " + repeated.replacing("#", with: "\($0 - 1)") + "\n"
      }
      let text = "metadata: {name: m}\nassets: {}\nl0: &a0 {z: x}\n" + anchors.joined() + use
      let start = ContinuousClock.now
      let (file, diagnostics) = try ModelFixture.read(text)
      #expect(file == nil)
      #expect(diagnostics.last?.code == "model.file.yaml", "\(repeated): \(diagnostics)")
      #expect(ContinuousClock.now - start < .seconds(20))
    }
  }

  /// What is repeated, and how often.
  @Test(arguments: [
    ("[", 100_000), ("{a: ", 100_000), ("- ", 100_000), ("? ", 50_000), ("{\"x\": ", 100_000),
    ("{\"x\": [", 50_000), ("&a [*a, ", 300), ("a: *a\n", 1), ("&a *a", 1), ("\u{FEFF}", 1),
    ("%YAML 9.9\n---\n", 1), ("x: [", 500),
  ])
  func deepNestingIsRefused(text: String, count: Int) throws {
    let (file, diagnostics) = try ModelFixture.read(String(repeating: text, count: count))
    #expect(file == nil)
    #expect(diagnostics.first?.location != nil)
  }

  @Test func closedAndIndentedNestingIsRefused() throws {
    let lists = "x: " + String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    let stairs = (0..<2_000).map { String(repeating: " ", count: $0) + "a:" }
    for text in [lists, stairs.joined(separator: "\n")] {
      let (file, diagnostics) = try ModelFixture.read(text)
      #expect(file == nil)
      #expect(diagnostics.map(\.code) == ["model.file.yaml"])
    }
  }

  @Test func crossedLinksAreBounded() throws {
    let ids = (0..<5_000).map(String.init).joined(separator: ", ")
    let assets = (0..<5_000).map { "  \($0): Server" }.joined(separator: "\n")
    let (file, diagnostics) = try ModelFixture.read(
      ModelFixture.file(assets) + "associations:\n- Runs: {above: [\(ids)], guests: [\(ids)]}\n")
    #expect(file == nil)
    #expect(diagnostics.first { $0.severity == .error }?.code == "model.file.too-large")
  }

  @Test func hugeYAMLIsRefusedUnread() throws {
    let bytes = [UInt8](repeating: 0x20, count: ModelFileLimits.yamlBytes + 1)
    let (file, diagnostics) = try ModelFixture.read(InputDocument(name: "m", bytes: bytes))
    #expect(file == nil)
    #expect(diagnostics.map(\.code) == ["model.file.too-large"])
  }

  @Test func textThatIsNotUTF8IsRefused() throws {
    for bytes: [UInt8] in [[0x7B, 0x22, 0xFF], [0xFF, 0xFE, 0x61]] {
      let (file, diagnostics) = try ModelFixture.read(InputDocument(name: "m", bytes: bytes))
      #expect(file == nil)
      #expect(diagnostics.map(\.code) == ["input.not-utf8"])
    }
  }
}

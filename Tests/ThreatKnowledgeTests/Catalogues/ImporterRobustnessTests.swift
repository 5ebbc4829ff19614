import EngineSupport
import Foundation
import Testing

@testable import ThreatKnowledge

/// Files that are cut off, changed or hostile end in a catalogue or in a located error, never in a crash.
@Suite struct ImporterRobustnessTests {
  @Test func everyTruncationEndsWell() {
    for (name, text) in ImporterFixtures.all {
      let bytes = Array(text.utf8)
      for length in bytes.indices {
        let read = ImporterFixtures.read(bytes.prefix(length), named: name)
        #expect((read.catalogue == nil) != (read.error == nil), "\(name) \(length)")
        if let error = read.error { #expect(error.location?.document == name, "\(error)") }
      }
    }
  }

  @Test func mutationsEndWell() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("importer mutations: seed \(seed)")
    var random = SeededRandom(seed: seed)
    let pieces = ["{", "}", "[", "]", "\"", ":", ",", "\n", "- ", "&a ", "*a", "? ", "\u{0}", "é"]
    for (name, text) in ImporterFixtures.all {
      let original = Array(text.utf8)
      for round in 0..<400 {
        var bytes = original
        for _ in 0...random.index(below: 3) {
          let place = random.index(below: bytes.count)
          switch random.index(below: 4) {
          case 0: bytes[place] = UInt8(random.index(below: 256))
          case 1: bytes.remove(at: place)
          case 2:
            bytes.insert(contentsOf: pieces[random.index(below: pieces.count)].utf8, at: place)
          default:
            let end = min(bytes.count, place + 1 + random.index(below: 60))
            bytes.insert(contentsOf: bytes[place..<end], at: random.index(below: bytes.count))
          }
        }
        let read = ImporterFixtures.read(bytes, named: name)
        #expect((read.catalogue == nil) != (read.error == nil), "\(name) \(round), seed \(seed)")
        guard let catalogue = read.catalogue else { continue }
        #expect(
          catalogue.entries.allSatisfy { CatalogueLimits.problem(of: $0.id) == nil },
          "\(name) \(round), seed \(seed)")
        let ids = Set(catalogue.entries.map { KnowledgeCatalogue.key($0.id) })
        #expect(ids.count == catalogue.entries.count, "\(name) \(round), seed \(seed)")
      }
    }
  }

  @Test func textsThatCouldReachATerminalAreLeftOut() throws {
    let stix = ImporterFixtures.stix.replacingOccurrences(of: "Do Harm", with: "\\u001b[2J")
    let read = ImporterFixtures.read(stix.utf8)
    #expect(try #require(read.catalogue).entry("T9001") == nil)
    #expect(read.diagnostics.contains { $0.message.contains("control character") })
  }

  @Test func diagnosticsAreBounded() throws {
    let nameless = String(
      repeating: "{\"type\":\"malware\",\"id\":\"malware--1\"},", count: 5_000)
    let stix = ImporterFixtures.stix.replacingOccurrences(
      of: "\"objects\":[", with: "\"objects\":[" + nameless)
    let read = ImporterFixtures.read(stix.utf8)
    #expect(read.catalogue != nil)
    #expect(read.diagnostics.count == 51)
    #expect(read.diagnostics.last?.message.contains("more is left out") == true)
  }

  @Test func yamlBombsEnd() {
    var bomb = "version: 1\na0: &a0 [x]\n"
    for level in 1...40 {
      bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
    }
    #expect(
      ImporterFixtures.read((bomb + "matrices: *a40\n").utf8).error?.code.name == "yaml.malformed")
    #expect(
      ImporterFixtures.read("matrices: \(String(repeating: "[", count: 20_000))".utf8).error != nil)
    #expect(
      ImporterFixtures.read("{\"bundle\": \(String(repeating: "[", count: 20_000))".utf8).error
        != nil)
  }
}

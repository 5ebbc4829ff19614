import EngineSupport
import Foundation
import Testing
import ThreatLanguage

/// Truncated and mutated documents, in the normal run a sample of them with a printed seed. With
/// `BARTIZAN_EXHAUSTIVE=1` every truncation and 5,000 mutations of each document of the corpus.
@Suite("Every truncation and mutation of a language ends in a language or in located errors")
struct MutationTests {
  private static let isExhaustive =
    ProcessInfo.processInfo.environment["BARTIZAN_EXHAUSTIVE"] == "1"
  private static let seed: UInt64 = 20_261_121
  /// Bytes that a normal run reads for one document's truncations, and again for its mutations.
  private static let budget = 150_000

  private static let sources =
    Fixture.corpus == nil
    ? []
    : Fixture.corpusLanguages
      + ["ComputeResources", "DataResources", "IAM", "Networking", "User", "Vulnerability"].map {
        "coreLang/\($0).mal"
      }

  private func survive(_ bytes: [UInt8], named name: String, _ note: @autoclosure () -> String) {
    var diagnostics = Diagnostics()
    let language = CompiledLanguage(
      reading: InputDocument(name: name, bytes: bytes), reportingTo: &diagnostics)
    if (language == nil) != diagnostics.hasErrors { Issue.record("silent: \(note())") }
    for diagnostic in diagnostics.all {
      guard let place = diagnostic.location else {
        Issue.record("\(diagnostic) has no place: \(note())")
        continue
      }
      guard place.document == name, let range = place.byteRange else { continue }
      if range.upperBound > bytes.count { Issue.record("\(diagnostic) is outside: \(note())") }
    }
  }

  private func attack(
    _ bytes: [UInt8], named name: String, meaning: [UInt8], isExhaustive: Bool = isExhaustive
  ) {
    var random = SeededRandom(seed: Self.seed).stream(named: name, bytes.count)
    let affordable = max(20, Self.budget / max(bytes.count, 1))
    let isWhole = isExhaustive || bytes.count <= affordable
    for index in 0..<(isWhole ? bytes.count : affordable) {
      let length = isWhole ? index : random.index(below: bytes.count)
      survive(Array(bytes[..<length]), named: name, "\(name), seed \(Self.seed), prefix \(length)")
    }
    for round in 0..<(isExhaustive ? 5_000 : min(affordable, 5_000)) {
      var changed = bytes
      for _ in 0...random.index(below: 3) { mutate(&changed, meaning: meaning, random: &random) }
      survive(changed, named: name, "\(name), seed \(Self.seed), round \(round)")
    }
  }

  /// One byte changed (half the time to one that means something), or a stretch removed, doubled or moved.
  private func mutate(_ bytes: inout [UInt8], meaning: [UInt8], random: inout SeededRandom) {
    guard !bytes.isEmpty else { return }
    let place = random.index(below: bytes.count)
    let end = min(bytes.count, place + 1 + random.index(below: 40))
    switch random.index(below: 6) {
    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 1, 2: bytes[place] = meaning[random.index(below: meaning.count)]
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
    default:
      let stretch = Array(bytes[place..<end])
      bytes.insert(contentsOf: stretch, at: random.index(below: bytes.count))
    }
  }

  private static let sourceMeaning = Array("{}[]()\"\\/|&#!E<>-+*.,:@~^ \n01abAR".utf8)
  private static let jsonMeaning = Array("{}[]\",:\\0123456789-eEtfn.".utf8)

  @Test func theBundledFixture() throws {
    attack(Array(Fixture.everything.utf8), named: "m.mal", meaning: Self.sourceMeaning)
    let language = try #require(Fixture.compile(Fixture.everything).language)
    let json = SpecificationText.bytes(of: language.specification)
    attack(json, named: "m.json", meaning: Self.jsonMeaning)
    let archive = try #require(LanguageArchive.bytes(of: language))
    attack(archive, named: "m.mar", meaning: Array(0...255))
  }

  @Test(
    .enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"), arguments: sources)
  func sourceOfTheCorpus(file: String) throws {
    attack(
      try Fixture.corpusBytes(file), named: String(file.split(separator: "/").last ?? ""),
      meaning: Self.sourceMeaning)
  }

  @Test(
    .enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"),
    arguments: [
      "mal-toolbox/org.mal-lang.coreLang-1.0.0.mar",
      "mal-toolbox/org.mal-lang.trainingLang-1.0.0.mar",
    ])
  func archivesOfTheCorpus(file: String) throws {
    let bytes = try Fixture.corpusBytes(file)
    attack(bytes, named: "x.mar", meaning: Array(0...255))
    let inner = try LanguageArchive.specification(in: InputDocument(name: "x.mar", bytes: bytes))
    // No document of the corpus, and large: a sample will do.
    attack(inner.bytes, named: "x.json", meaning: Self.jsonMeaning, isExhaustive: false)
  }
}

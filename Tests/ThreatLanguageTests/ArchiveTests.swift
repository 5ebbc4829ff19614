import EngineSupport
import Foundation
import Testing
import ThreatLanguage
import ZipArchives

@Suite("`.mar` archives")
struct ArchiveTests {
  private func read(_ bytes: [UInt8]) -> (CompiledLanguage?, [Diagnostic]) {
    var diagnostics = Diagnostics()
    let language = CompiledLanguage(
      reading: InputDocument(name: "x.mar", bytes: bytes), reportingTo: &diagnostics)
    return (language, diagnostics.all)
  }

  @Test(
    .enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"),
    arguments: [
      ("mal-toolbox/org.mal-lang.coreLang-1.0.0.mar", "org.mal-lang.coreLang", 19),
      ("mal-toolbox/org.mal-lang.trainingLang-1.0.0.mar", "org.mal-lang.trainingLang", 4),
      ("trainingLang/org.mal-lang.trainingLang-1.0.0.mar", "org.mal-lang.trainingLang", 4),
    ])
  func corpusArchivesCompile(file: String, id: String, types: Int) throws {
    let (language, diagnostics) = read(try Fixture.corpusBytes(file))
    #expect(diagnostics.allSatisfy { $0.severity != .error }, "\(diagnostics)")
    #expect(language?.name == id)
    #expect(language?.assetTypes.count == types)
    #expect(
      language?.assetTypes.first?.steps.first?.location.document == "x.mar/langspec.json")
  }

  @Test func wrongArchivesAreRefused() throws {
    let language = try #require(Fixture.compile(Fixture.everything).language)
    let json = SpecificationText.bytes(of: language.specification)
    func codes(_ members: [(String, [UInt8])]) throws -> [String] {
      let (language, diagnostics) = read(try #require(ZipWriter.archive(members)))
      #expect((language == nil) == diagnostics.contains { $0.severity == .error })
      #expect(diagnostics.allSatisfy { $0.location != nil })
      return diagnostics.map(\.code.name)
    }
    #expect(try codes([("langspec.json", json)]).isEmpty)
    #expect(try codes([("icons/a.png", [1, 2, 3]), ("langspec.json", json)]).isEmpty)
    #expect(try codes([("spec.json", json)]) == ["mal.archive.incomplete"])
    #expect(try codes([]) == ["mal.archive.malformed"])
    #expect(
      try codes([("langspec.json", json), ("langspec.json", json)]) == ["mal.archive.malformed"])
    #expect(try codes([("langspec.json", Array("{}".utf8))]) == ["mal.specification.malformed"])
    #expect(try codes([("langspec.json", [0xFF])]) == ["input.not-utf8"])
  }

  @Test func bombsAreRefusedBeforeTheyAreHeld() throws {
    let bomb = [UInt8](repeating: 0x20, count: 40 << 20)
    let archive = try #require(ZipWriter.archive([("langspec.json", bomb)]))
    #expect(archive.count < 1 << 20)
    #expect(read(archive).1.map(\.code.name) == ["mal.archive.limit"])
    // What is not looked at may be as large as it likes.
    let beside = try #require(
      ZipWriter.archive([("icons/a.png", bomb), ("langspec.json", Array("[]".utf8))]))
    #expect(read(beside).1.map(\.code.name) == ["mal.specification.malformed"])
  }
}

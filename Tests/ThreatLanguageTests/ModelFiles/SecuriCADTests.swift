import EngineSupport
import Testing

@testable import ThreatLanguage

@Suite("securiCAD archives become instance models")
struct SecuriCADTests {
  private static let language = "coreLang/main.mal"

  @Test(.enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"))
  func theArchiveIsTheModelThatMalToolboxMadeOfIt() throws {
    let language = try ModelFixture.corpusLanguage(Self.language)
    let (read, diagnostics) = try ModelFixture.read(
      ModelFixture.corpusModel("mal-toolbox/example_model.sCAD"), language)
    let file = try #require(read, "\(diagnostics)")
    let made = try #require(
      try ModelFixture.read(
        ModelFixture.corpusModel("mal-toolbox/scad_equivalent_model.yml"), language
      ).file)
    #expect(Set(ModelFixture.links(file)) == Set(ModelFixture.links(made)))
    let assets = { (file: InstanceModelFile) in
      Set(file.model.assets.map { "\($0.id ?? 0) \($0.name) \($0.type)" })
    }
    #expect(assets(file) == assets(made) && file.model.assets.count == 8)
    // Both are the language's own values, which mal-toolbox 0.1 left out when it wrote the model.
    #expect(
      file.model.assets.filter { !$0.defenses.isEmpty }.map(\.defenses)
        == [["noPasswordReuse": 1, "noRemovableMediaUsage": 1]])
    let entries = { (file: InstanceModelFile) in
      Set(
        (file.attackers ?? []).flatMap { attacker in
          attacker.entryPoints.map {
            "\(attacker.id) \(file.model.assets[$0.asset].name) \($0.steps)"
          }
        })
    }
    #expect(entries(file) == entries(made) && entries(file).count == 2)
    #expect(file.name == "example_model" && file.languageID == "org.mal-lang.coreLang")
    #expect(file.metadata["scadVersion"] == .text("1.0.0"))
  }

  @Test(.enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"))
  func errorsNameTheMemberAndTheLine() throws {
    let (file, diagnostics) = try ModelFixture.read(
      ModelFixture.corpusModel("mal-toolbox/example_model.sCAD"),
      ModelFixture.corpusLanguage("trainingLang/trainingLang.mal"))
    #expect(file == nil)
    let error = try #require(diagnostics.first { $0.severity == .error })
    #expect(error.code == "model.type.unknown")
    #expect(error.location?.path == "example_model.eom" && error.location?.line == 3)
  }

  @Test func anArchiveWithoutAModelIsRefused() throws {
    // An empty zip archive is its end record alone.
    let bytes: [UInt8] = [0x50, 0x4B, 0x05, 0x06] + Array(repeating: 0, count: 18)
    let (file, diagnostics) = try ModelFixture.read(InputDocument(name: "m.sCAD", bytes: bytes))
    #expect(file == nil)
    #expect(diagnostics.first?.code.name.hasPrefix("model.archive.") == true)
  }
}

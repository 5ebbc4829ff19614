import EngineSupport
import Foundation
import Testing

@testable import ThreatLanguage

@Suite(
  "A language's specification is what mal-toolbox compiles to, and compiles to the same language")
struct SpecificationTests {
  /// What only this room's other fixture lacks: raw texts, effects, labels that are left out.
  static let source = #"""
    #id: "x\"y" #version: "1.0.0"
    category C user info: "a\nb" { asset A { let v = b
     | s [1 + Exponential(3)] ! d.e (b.s, v().s lab) log [tpr: 0.5] -> s A> self / b[A]:1..2 ^ ~b:*, b / v() R> b/b }
     abstract asset Q extends A { & t @x {C, A} | s +> s }
     }
    associations { A [a] 0..1 <-- L --> * [b] A user info: "q" }
    """#

  private func text(_ language: CompiledLanguage) -> String {
    String(decoding: SpecificationText.bytes(of: language.specification), as: UTF8.self)
  }

  private func specification(_ source: String) throws -> JSONValue {
    let (language, diagnostics) = Fixture.compile(source)
    return try #require(language, "\(diagnostics)").specification
  }

  /// The value without white space, for comparison.
  private func compact(_ value: JSONValue?) -> String {
    guard let value else { return "absent" }
    return String(decoding: SpecificationText.bytes(of: value), as: UTF8.self)
      .split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
  }

  @Test func membersStandInMalToolboxsOrder() throws {
    let value = try specification(
      Fixture.language("asset A { | s }", associations: "A [x] 1 <-- L --> 2..* [y] A"))
    #expect(
      value.members?.map(\.key) == [
        "formatVersion", "defines", "categories", "assets", "associations",
      ])
    let asset = try #require(value["assets"]?.elements?.first)
    #expect(
      compact(asset)
        == #"{"name": "A","meta": {},"category": "C","isAbstract": false,"superAsset": null,"variables": [],"#
        + #""attackSteps": [{"name": "s","meta": {},"detectors": {},"type": "or","causal_mode": null,"tags": [],"#
        + #""risk": null,"ttc": null,"requires": null,"reaches": null,"append_reaches": null,"#
        + #""remove_reaches": null}]}"#)
    #expect(
      compact(value["associations"]?.elements?.first)
        == #"{"name": "L","meta": {},"leftAsset": "A","leftField": "x","leftMultiplicity": {"min": 1,"max": 1},"#
        + #""rightAsset": "A","rightField": "y","rightMultiplicity": {"min": 2,"max": null}}"#)
  }

  @Test func textsKeepTheirBackslashes() throws {
    let value = try specification(
      "#id: \"a\\\"b\" #version: \"1.0.0\" category C user info: \"x\\ny\\q \\\"z\\\"\" { asset A { } }"
    )
    #expect(value["defines"]?["id"]?.string == #"a\"b"#)
    #expect(
      value["categories"]?.elements?.first?["meta"]?["user"]?.string == #"x\ny\q \"z\""#)
  }

  @Test func modelEffectsAndDetectorsAreWritten() throws {
    let value = try specification(
      Fixture.language(
        "asset A { | s ! d.e (b.s, b.s lab) log [tpr: 0.5] -> s A> self / b[A]:1..2 ^ ~b:* +R> b/b }",
        associations: "A [a] * <-- L --> * [b] A"
      ).replacing("+R>", with: "R>"))
    let step = try #require(value["assets"]?.elements?.first?["attackSteps"]?.elements?.first)
    let end = #"{"type": "collect","lhs": {"type": "field","name": "b"},"#
    #expect(
      compact(step["detectors"])
        == #"{"d.e": {"name": "d.e","context": {"b.s": \#(end)"rhs": {"type": "attackStep","name": "s"}},"#
        + #""lab": \#(end)"rhs": {"type": "attackStep","name": "s"}}},"type": "log","tprate": 0.5,"fprate": null}}"#
    )
    #expect(
      compact(step["append_reaches"])
        == #"{"overrides": true,"stepExpressions": [{"type": "dyn_sentence","base": {"type": "field","name": "self"},"#
        + #""targets": [{"type": "multiplicity","multiplicity": {"min": "1","max": "2"},"stepExpression": "#
        + #"{"type": "subType","subType": "A","stepExpression": {"type": "field","name": "b"}}},"#
        + #"{"type": "assoc_op","operand": {"type": "multiplicity","multiplicity": {"min": "*","max": null},"#
        + #""stepExpression": {"type": "field","name": "b"}}}]}]}"#)
    #expect(step["remove_reaches"]?["overrides"]?.bool == true)
  }

  @Test func whatIsDeclaredTwiceWordForWordStandsOnce() throws {
    let value = try specification(
      "#id: \"a\" #version: \"1.0.0\" category C { asset A { } } category C { asset B { } }"
        + " category C x info: \"\" { }")
    #expect(value["categories"]?.elements?.count == 2)
    #expect(value["assets"]?.elements?.count == 2)
  }

  @Test(arguments: [source, Fixture.everything])
  func bothWaysInGiveOneLanguage(source: String) throws {
    let (compiled, diagnostics) = Fixture.compile(source)
    let first = try #require(compiled, "\(diagnostics)")
    let second = try Fixture.reread(first)
    #expect(Fixture.meaning(of: second) == Fixture.meaning(of: first))
    #expect(text(second) == text(first))
  }

  @Test(
    .enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"),
    arguments: Fixture.corpusLanguages)
  func corpusLanguagesComeBackFromJSONAndFromArchives(file: String) throws {
    var diagnostics = Diagnostics()
    let first = try #require(
      CompiledLanguage(sources: try Fixture.corpusSources(file), reportingTo: &diagnostics))
    #expect(Fixture.meaning(of: try Fixture.reread(first)) == Fixture.meaning(of: first))
    let archive = try #require(LanguageArchive.bytes(of: first))
    #expect(archive == LanguageArchive.bytes(of: first), "the same bytes every time")
    let document = InputDocument(name: "x.mar", bytes: archive)
    let again = try #require(CompiledLanguage(reading: document, reportingTo: &diagnostics))
    #expect(Fixture.meaning(of: again) == Fixture.meaning(of: first))
  }

  @Test func theOlderFormIsReadAsItIs() throws {
    let json = #"""
      {"formatVersion": "1.0.0", "defines": {"id": "old", "version": "1.0.0"}, "categories": [],
       "assets": [{"name": "A", "meta": {"user": "a\\nb"}, "category": "C", "isAbstract": false,
         "superAsset": null, "variables": [], "attackSteps": [
           {"name": "s", "meta": {}, "type": "or", "tags": ["hidden"],
            "risk": {"isConfidentiality": true, "isIntegrity": false, "isAvailability": true},
            "ttc": {"type": "function", "name": "Exponential", "arguments": [0.1]}, "requires": null,
            "reaches": {"overrides": true, "stepExpressions": [{"type": "attackStep", "name": "s"}]}}]}],
       "associations": []}
      """#
    var diagnostics = Diagnostics()
    let document = InputDocument(name: "old.json", bytes: Array(json.utf8))
    let language = try #require(CompiledLanguage(reading: document, reportingTo: &diagnostics))
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    let asset = try #require(language.assetType(named: "A"))
    #expect(asset.meta.map(\.text) == [#"a\nb"#], "the older form has no escapes of its own")
    let step = try #require(asset.step(named: "s"))
    #expect(step.impact == [.confidentiality, .availability])
    #expect(step.ttc == .distribution("Exponential", [0.1]))
    #expect(step.location.line == 4)
    #expect(step.source.hasPrefix("{\"name\": \"s\""))
    #expect(
      language.specification["assets"]?.elements?.first?["attackSteps"]?.elements?.first?[
        "append_reaches"] == nil, "what was read is written back, nothing added")
  }

  @Test func wrongSpecificationsAreRefusedWithPlaces() {
    let whole = #"""
      {"formatVersion": "1.0.0", "defines": {"id": "x", "version": "1.0.0"}, "categories": [],
       "assets": [{"name": "A", "meta": {}, "category": "C", "isAbstract": false, "superAsset": null,
         "variables": [], "attackSteps": [{"name": "s", "meta": {}, "type": "or", "tags": [], "risk": null,
         "ttc": null, "requires": null, "reaches": {"overrides": true, "stepExpressions":
         [{"type": "attackStep", "name": "s"}]}}]}], "associations": []}
      """#
    func codes(_ old: String, _ new: String) -> [String] {
      var diagnostics = Diagnostics()
      let bytes = Array(whole.replacing(old, with: new).utf8)
      let language = CompiledLanguage(
        reading: InputDocument(name: "x.json", bytes: bytes), reportingTo: &diagnostics)
      #expect((language == nil) == diagnostics.hasErrors)
      #expect(diagnostics.all.allSatisfy { $0.location != nil })
      return diagnostics.all.map(\.code.name)
    }
    #expect(codes("", "") == [])
    #expect(codes("\"or\"", "\"xor\"") == ["mal.specification.malformed"])
    #expect(codes("\"assets\"", "\"asets\"") == ["mal.specification.malformed"])
    #expect(codes("\"isAbstract\": false, ", "") == ["mal.specification.malformed"])
    #expect(
      codes("\"attackStep\", \"name\": \"s\"", "\"attackStep\"") == ["mal.specification.malformed"])
    #expect(
      codes("\"attackStep\", \"name\": \"s\"", "\"field\", \"name\": \"t\"") == ["mal.step.unknown"]
    )
    #expect(codes("\"attackStep\"", "\"jump\"") == ["mal.specification.malformed"])
    #expect(
      codes("\"ttc\": null", "\"ttc\": {\"type\": \"number\", \"value\": 1e999}")
        == ["mal.specification.malformed"])
    #expect(codes("\"superAsset\": null", "\"superAsset\": \"B\"") == ["mal.type.unknown"])
    #expect(codes("\"assets\": [", "\"assets\": [3, ") == ["mal.specification.malformed"])
    #expect(codes("\"id\": \"x\", ", "") == ["mal.define.missing"])
    #expect(codes("]}", "]") == ["json.malformed"])
  }
}

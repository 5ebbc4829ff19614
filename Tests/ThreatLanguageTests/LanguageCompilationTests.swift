import EngineSupport
import Foundation
import Testing

@testable import ThreatLanguage

@Suite("MAL source becomes a compiled language")
struct LanguageCompilationTests {
  @Test func everyConstructIsRead() throws {
    let (compiled, diagnostics) = Fixture.compile(Fixture.everything)
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let language = try #require(compiled)
    #expect(language.name == "org.example.everything")
    #expect(language.version == "1.2.3")
    #expect(language.assetTypes.map(\.name) == ["Thing", "Host", "Guest"])
    #expect(language.associations.map(\.fullName) == ["Tree_parents_children", "Runs_host_guests"])
    #expect(language.associations[0].left.maximum == 1)
    #expect(language.associations[0].left.minimum == 0)
    #expect(language.associations[1].left.minimum == 1)
    #expect(language.associations[1].left.maximum == 1)
    #expect(language.associations[1].right.maximum == nil)
    #expect(language.associations[1].meta == [MetaText(key: "user", text: "runs")])

    let host = try #require(language.assetType(named: "Host"))
    #expect(host.superType == "Thing")
    #expect(host.meta.map(\.text) == ["say \"hi\" ", "x"])
    #expect(
      host.steps.map(\.name) == ["start", "both", "patched", "hasGuests", "alone", "E", "stop"])
    #expect(
      host.steps.map(\.kind) == [.or, .and, .defense, .exist, .notExist, .or, .or])
    #expect(host.variables["up"] == .field("parents"))
    #expect(
      host.variables["kin"] == .union(.variable("up"), .subType(.field("guests"), "Host")))
    #expect(language.isType("Host", kindOf: "Thing"))
    #expect(!language.isType("Thing", kindOf: "Host"))
    let thing = try #require(language.assetType(named: "Thing"))
    #expect(thing.isAbstract)
  }

  @Test func aStepCarriesAllThatItsDeclarationSays() throws {
    let language = try #require(Fixture.compile(Fixture.everything).language)
    let host = try #require(language.assetType(named: "Host"))
    let start = try #require(host.step(named: "start"))
    #expect(start.tags == ["hidden", "entry"])
    #expect(start.impact == [.confidentiality, .integrity])
    #expect(
      start.ttc
        == .sum(
          .product(.distribution("Exponential", [0.1]), .distribution("Bernoulli", [0.5])),
          .power(.number(2), .power(.number(3), .number(0.5)))))
    #expect(start.meta == [MetaText(key: "user", text: "begin")])
    #expect(start.declaredIn == "Host")
    #expect(
      start.leadsTo.map(\.expression) == [
        .step("stop"), .collect(.variable("kin"), .step("stop")),
        .collect(
          .difference(
            .intersection(.field("guests"), .field("parents")), .variable("up")), .step("stop")),
        .collect(.transitive(.subType(.field("guests"), "Host")), .step("stop")),
      ])
    #expect(start.leadsTo.map(\.location.line) == [7, 12, 12, 12])
    #expect(start.source.hasPrefix("| start @hidden"))
    #expect(start.source.hasSuffix("guests[Host]*.stop"))
    let range = try #require(start.location.byteRange)
    #expect(Array(Array(Fixture.everything.utf8)[range]) == Array(start.source.utf8))

    let both = try #require(host.step(named: "both"))
    #expect(both.causalMode == .action)
    #expect(both.ttc == nil)
    let detector = try #require(both.detectors.first)
    #expect(detector.name == "seen.by.log")
    #expect(detector.type == "logon")
    #expect(detector.context.map(\.label) == ["g", "up().stop"])
    #expect(detector.truePositiveRate == 0.9)
    #expect(detector.falsePositiveRate == 0.1)
    #expect(host.step(named: "alone")?.requires.count == 2)
  }

  @Test func inheritanceReplacesWithArrowAndAddsWithPlus() throws {
    let source = Fixture.language(
      """
      asset A { | s @old [Exponential(1)] user info: "a" -> x | x | y E e <- kids -> x }
      asset B extends A { | s @new +> y E e <- olds +> y }
      asset C extends B { | s @last -> y }
      asset D extends A { | s user info: "d" }
      asset E2 extends B { }
      """, associations: "A [olds] * <-- L --> * [kids] A")
    let (compiled, diagnostics) = Fixture.compile(source)
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let language = try #require(compiled)
    func step(_ type: String, _ name: String = "s") throws -> StepType {
      try #require(language.assetType(named: type)?.step(named: name))
    }
    #expect(try step("B").leadsTo.map(\.expression) == [.step("x"), .step("y")])
    #expect(try step("B").tags == ["new", "old"])
    #expect(try step("B").ttc == nil, "a step declared again has its own time, or none")
    #expect(try step("B").meta == [MetaText(key: "user", text: "a")])
    #expect(try step("C").leadsTo.map(\.expression) == [.step("y")])
    #expect(try step("C").tags == ["last"])
    #expect(try step("C").meta.isEmpty)
    #expect(try step("D").leadsTo.map(\.expression) == [.step("x")])
    #expect(try step("D").meta == [MetaText(key: "user", text: "d")])
    #expect(try step("E2").declaredIn == "B")
    #expect(try step("B", "e").requires == [.field("olds"), .field("kids")])
  }

  @Test func modelEffectsAreReadAndInherited() throws {
    let source = Fixture.language(
      """
      asset A {
        | s -> s A> self / y[B]:1..2 ^ ~x:*, y.x / v() R> y / y:3
        | action -> s let v = y
      }
      asset B extends A { | s +A> x / y }
      asset D extends A { | s -> s R> x / self }
      """, associations: "A [x] * <-- L --> * [y] A")
    let (compiled, diagnostics) = Fixture.compile(source)
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    func effects(_ type: String) throws -> [String] {
      try #require(compiled?.assetType(named: type)?.step(named: "s")).effects.map(\.sourceText)
    }
    let own = ["A> self / y[B]:1..2 ^ ~x:0..*", "A> y.x / v()", "R> y / y:3"]
    #expect(try effects("A") == own)
    #expect(try effects("B") == ["A> x / y"] + own)
    #expect(try effects("D") == ["R> x / self"])
    let first = try #require(compiled?.assetType(named: "A")?.step(named: "s")?.effects.first)
    #expect(first.location.line == 3 && first.location.column == 15)
    #expect(first.change == .addition)
  }

  @Test func oldDetectorsBehindCommentMarksAreRead() throws {
    let source = Fixture.language(
      """
      asset A {  //! no step has begun
        | s @tag  //! d.e (s x) log [fpr: 0.5]
          //! second (t)
          -> t  //! a comment
        | t  //! just "words
        //! more
      }
      """)
    let (compiled, diagnostics) = Fixture.compile(source)
    #expect(diagnostics.map(\.code) == ["mal.detector.legacy"], "\(diagnostics)")
    let asset = try #require(compiled?.assetType(named: "A"))
    let step = try #require(asset.step(named: "s"))
    #expect(step.detectors.map(\.name) == ["d.e", "second"])
    #expect(step.detectors.first?.falsePositiveRate == 0.5)
    #expect(step.leadsTo.count == 1)
    #expect(asset.step(named: "t")?.detectors.map(\.name) == ["more"])
  }

  @Test func aTypeStandsAfterItsSuperTypeWhateverTheSourceOrder() throws {
    let source = Fixture.language(
      "asset C extends B { | s +> t } asset B extends A { } asset A { | s | t } asset D { }")
    let language = try #require(Fixture.compile(source).language)
    #expect(language.assetTypes.map(\.name) == ["A", "B", "C", "D"])
    #expect(language.assetType(named: "C")?.steps.count == 2)
  }

  @Test func wordsOfTheLanguageMayBeNames() throws {
    let source = Fixture.language(
      """
      asset asset info info: "x" {
        let let = info
        | action -> effect
        | effect effect user info: "y"
        | category
        E E <- let()
        | extends -> info.action, let().category
      }
      """, associations: "asset [abstract] * <-- include --> * [info] asset")
    let (language, diagnostics) = Fixture.compile(source)
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let steps = try #require(language?.assetType(named: "asset")?.steps)
    #expect(steps.map(\.name) == ["action", "effect", "category", "E", "extends"])
    #expect(steps.map(\.causalMode) == [nil, .effect, nil, nil, nil])
  }

  @Test func includesAreRelativeAndReadOnce() throws {
    let (compiled, diagnostics) = Fixture.compile(
      """
      #id: "t" #version: "1.0.0"
      include "parts/a.mal"
      include "./parts/../parts/a.mal"
      associations { A [a] * <-- L --> * [b] B }
      """, name: "lang/main.mal",
      including: [
        "lang/parts/a.mal": "include \"b.mal\" category X { asset A { | s -> b.s } }",
        "lang/parts/b.mal": "include \"../main.mal\" category X { asset B { | s } }",
        "elsewhere/b.mal": "this is never read",
      ])
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    #expect(compiled?.assetTypes.map(\.name) == ["B", "A"])
    let step = compiled?.assetType(named: "A")?.step(named: "s")
    #expect(step?.leadsTo.first?.location.document == "lang/parts/a.mal")
  }

  @Test(
    .enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"),
    arguments: [
      // File, then types, steps of all types and associations as mal-toolbox 2.11 counts them.
      ("coreLang/main.mal", 19, 530, 48), ("exampleLang/exampleLang.mal", 4, 9, 3),
      ("trainingLang/trainingLang.mal", 4, 11, 4),
      ("mal-toolbox/actions_effects_lang.mal", 2, 4, 2),
      ("mal-toolbox/association_lang.mal", 4, 10, 8),
      ("mal-toolbox/attackstep_inherit.mal", 3, 3, 2),
      ("mal-toolbox/attackstep_override.mal", 6, 35, 0),
      ("mal-toolbox/detector_lang.mal", 3, 7, 3), ("mal-toolbox/inherited_vars.mal", 3, 2, 2),
      ("mal-toolbox/interleaved_vars.mal", 2, 2, 1), ("mal-toolbox/prob_dists.mal", 1, 6, 0),
      ("mal-toolbox/set_ops.mal", 2, 4, 2), ("mal-toolbox/set_ops_adv.mal", 2, 5, 3),
      ("mal-toolbox/subtype_attack_step.mal", 3, 6, 1), ("mal-toolbox/transitive.mal", 1, 1, 1),
      ("mal-toolbox/transitive_advanced.mal", 1, 1, 2),
    ])
  func corpusLanguagesCompile(file: String, types: Int, steps: Int, associations: Int) throws {
    var diagnostics = Diagnostics()
    let language = try #require(
      CompiledLanguage(
        sources: try Fixture.corpusSources(file), reportingTo: &diagnostics),
      "\(diagnostics.all)")
    #expect(language.assetTypes.count == types)
    #expect(language.assetTypes.map(\.steps.count).reduce(0, +) == steps)
    #expect(language.associations.count == associations)
  }

  @Test(.enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"))
  func theSyntaxTestOfMalCompiles() throws {
    // mal-toolbox itself stumbles over this file (`[]`, `{}` and triple quotes); the MAL compiler does not.
    var diagnostics = Diagnostics()
    let sources = try Fixture.corpusSources("mal-toolbox/mallib_test.mal")
    let language = try #require(
      CompiledLanguage(sources: sources, reportingTo: &diagnostics), "\(diagnostics.all)")
    #expect(!diagnostics.hasErrors)
    #expect(language.assetTypes.count == 14)
    let step = try #require(language.assetType(named: "SubAsset")?.step(named: "defense"))
    #expect(step.ttc == .distribution("Enabled", []))
    #expect(step.leadsTo.count == 1)
  }
}

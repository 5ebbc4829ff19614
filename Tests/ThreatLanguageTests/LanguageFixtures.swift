import EngineSupport
import Foundation
import Testing
import ThreatLanguage

/// Sources and helpers of this room's tests.
enum Fixture {
  /// Every construct of the language once.
  static let everything = #"""
    #id: "org.example.everything" // a comment
    #version: "1.2.3"
    #author: "somebody"
    category System
      user info: "parts of a \"system\"\n"
    {
      abstract asset Thing { let up = parents  | start -> stop | stop }
      asset Host extends Thing user info: """say "hi" """ developer info: "x" {
        let kin = up() \/ guests[Host]
        | start @hidden @entry {C, I} [Exponential(0.1) * Bernoulli(0.5) + 2 ^ 3 ^ 0.5]
          user info: "begin"
          +> kin().stop, (guests /\ parents - up()).stop, guests[Host]*.stop
        & action both {A} []
          ! seen.by.log (guests.start g, up().stop) logon [tpr: 0.9, fpr: .1]
          -> stop
        # patched [Bernoulli(0.4)] -> both
        E hasGuests <- guests -> start
        !E alone <- guests, parents[Host] -> stop
        /* a
           comment */
        | E -> stop
      }
      asset Guest extends Thing { # locked [Enabled] # open [Disabled] # plain | start -> stop }
    }
    category Empty {}
    associations {
      Thing [parents] 0..1 <-- Tree --> * [children] Thing
      Host [host] 1 <-- Runs --> 0..* [guests] Thing
        user info: "runs"
    }
    """#

  static func compile(
    _ text: String, name: String = "main.mal", including others: [String: String] = [:]
  ) -> (language: CompiledLanguage?, diagnostics: [Diagnostic]) {
    var diagnostics = Diagnostics()
    let others = others.sorted { $0.key < $1.key }.map {
      InputDocument(name: $0.key, bytes: Array($0.value.utf8))
    }
    let language = CompiledLanguage(
      sources: [InputDocument(name: name, bytes: Array(text.utf8))] + others,
      reportingTo: &diagnostics)
    return (language, diagnostics.all)
  }

  /// `body` as the assets of a language with a header on its first line.
  static func language(_ body: String, associations: String = "") -> String {
    "#id: \"t\" #version: \"1.0.0\" category C {\n\(body)\n}\nassociations {\n\(associations)\n}\n"
  }

  static var corpus: URL? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared")
    let folder = shared.appending(path: "corpus/mal")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }

  /// `file` of the corpus with every other `.mal` beside it, ready to be compiled.
  static func corpusSources(_ file: String) throws -> [InputDocument] {
    guard let corpus else { return [] }
    let main = corpus.appending(path: file)
    let folder = main.deletingLastPathComponent()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let others = names.filter { $0.hasSuffix(".mal") && $0 != main.lastPathComponent }
    return try ([main.lastPathComponent] + others).map {
      InputDocument(name: $0, bytes: Array(try Data(contentsOf: folder.appending(path: $0))))
    }
  }

  static func corpusBytes(_ file: String) throws -> [UInt8] {
    guard let corpus else { return [] }
    return Array(try Data(contentsOf: corpus.appending(path: file)))
  }

  /// Every language of the corpus that stands on its own.
  static let corpusLanguages = [
    "coreLang/main.mal", "exampleLang/exampleLang.mal", "trainingLang/trainingLang.mal",
    "mal-toolbox/actions_effects_lang.mal", "mal-toolbox/association_lang.mal",
    "mal-toolbox/attackstep_inherit.mal", "mal-toolbox/attackstep_override.mal",
    "mal-toolbox/detector_lang.mal", "mal-toolbox/inherited_vars.mal",
    "mal-toolbox/interleaved_vars.mal", "mal-toolbox/mallib_test.mal", "mal-toolbox/prob_dists.mal",
    "mal-toolbox/set_ops.mal", "mal-toolbox/set_ops_adv.mal",
    "mal-toolbox/subtype_attack_step.mal", "mal-toolbox/transitive.mal",
    "mal-toolbox/transitive_advanced.mal",
  ]

  /// The language, written as specification JSON and read back.
  static func reread(_ language: CompiledLanguage) throws -> CompiledLanguage {
    var diagnostics = Diagnostics()
    let bytes = SpecificationText.bytes(of: language.specification)
    return try #require(
      CompiledLanguage(
        reading: InputDocument(name: "language.json", bytes: bytes), reportingTo: &diagnostics),
      "\(diagnostics.all)")
  }

  /// All that a language says, without places and sources: equal texts are equal languages.
  static func meaning(of language: CompiledLanguage) -> [String] {
    var lines = ["\(language.name) \(language.version)"]
    for type in language.assetTypes {
      lines.append(
        "\(type.name) \(type.category) \(type.superType ?? "-") \(type.isAbstract) \(type.meta)")
      for name in type.variables.keys.sorted() {
        lines.append("let \(name) \(type.variables[name].map { "\($0)" } ?? "")")
      }
      for step in type.steps {
        lines.append(
          "\(step.kind) \(step.name) \(step.tags) \(step.impact.rawValue) "
            + "\(step.ttc.map { "\($0)" } ?? "-") \(step.meta) \(step.requires) "
            + "\(step.leadsTo.map(\.expression)) \(step.declaredIn) "
            + "\(step.causalMode.map { "\($0)" } ?? "-") \(step.detectors) "
            + "\(step.effects.map { "\($0.change) \($0.base) \($0.targets)" })")
      }
    }
    for association in language.associations {
      lines.append(
        "\(association.name) \(association.left) \(association.right) \(association.meta)")
    }
    return lines
  }
}

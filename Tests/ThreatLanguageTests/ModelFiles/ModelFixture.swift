import EngineSupport
import Foundation
import Testing

@testable import ThreatLanguage

/// A small language, models over it, and the corpus models with the languages they are made for.
enum ModelFixture {
  /// Fields with one name in different types, two associations with one name, bounds on both sides.
  static let source = Fixture.language(
    """
    abstract asset Thing { | touch # sealed }
    asset Host extends Thing { | connect -> guests.connect # patched [Disabled] # locked }
    asset Server extends Host { | serve }
    asset Data { | read # sealed }
    asset Person { | phish }
    asset Rack { | open }
    """,
    associations: """
      Host [hosts] * <-- Stores --> 0..2 [data] Data
      Host [above] 0..1 <-- Runs --> * [guests] Host
      Person [users] * <-- Uses --> * [hosts] Thing
      Rack [rack] 0..1 <-- Holds --> 1..* [servers] Server
      Person [owners] * <-- Link --> * [data] Data
      Data [copies] * <-- Link --> * [origins] Data
      """)

  static func language() throws -> CompiledLanguage { try #require(compiled) }
  private static let compiled = Fixture.compile(source).language

  static let today = """
    metadata:
      name: "Plant 1"
      langVersion: 1.0.0
      langID: t
      malVersion: 0.1.0-SNAPSHOT
      MAL-Toolbox Version: 2.11.0
      info: 'made by hand'
    assets:
      3:
        name: Server
        type: Server
        defenses:
          patched: 0.25
          sealed: 1.0
        associated_assets:
          guests:
            -7: "Host:1"
          data:
            0: Data
            5: "007"
          users: {1: Ann}
        extras:
          position: {x: 1.5, y: -2}
          tags: [a, "1.0", 2026-11-21, yes, ~]
      -7:
        name: "Host:1"
        type: Host
        associated_assets:
          above:
            3: Server
          users:
            1: Ann
      0:
        name: Data
        type: Data
        associated_assets:
          hosts:
            3: Server
          origins:
            5: "007"
      5:
        name: "007"
        type: Data
        associated_assets:
          copies:
            0: Data
          hosts: {3: Server}
      1:
        name: Ann
        type: Person
        associated_assets:
          hosts: {3: Server, -7: "Host:1"}
    attackers:
      9:
        name: Eve
        entry_points:
          Ann:
            asset_id: 1
            attack_steps: [phish]
    """

  static func read(
    _ text: String, _ language: CompiledLanguage? = nil, name: String = "m.yml"
  ) throws -> (file: InstanceModelFile?, diagnostics: [Diagnostic]) {
    try read(InputDocument(name: name, bytes: Array(text.utf8)), language)
  }

  static func read(
    _ document: InputDocument, _ language: CompiledLanguage? = nil
  ) throws -> (file: InstanceModelFile?, diagnostics: [Diagnostic]) {
    var diagnostics = Diagnostics()
    let file = InstanceModelFile(
      reading: document, against: try language ?? self.language(), reportingTo: &diagnostics)
    return (file, diagnostics.all)
  }

  /// The assets of `body` under a head that has no fault.
  static func file(_ body: String) -> String { "metadata: {name: m}\nassets:\n\(body)\n" }

  /// Corpus models with the folder of the language they are made for.
  static let corpusModels = [
    ("mal-toolbox/simple_example_model.yml", "coreLang/main.mal"),
    ("mal-toolbox/simple_example_model_0.0.38.json", "coreLang/main.mal"),
    ("mal-toolbox/example_model_0.0.38.json", "coreLang/main.mal"),
    ("mal-toolbox/simple_example_model_0.1.8.yml", "coreLang/main.mal"),
    ("mal-toolbox/simple_example_model_0.2.0.yml", "coreLang/main.mal"),
    ("mal-toolbox/scad_equivalent_model.yml", "coreLang/main.mal"),
    ("mal-toolbox/example_model.sCAD", "coreLang/main.mal"),
    ("mal-toolbox/simple_traininglang_model.yml", "trainingLang/trainingLang.mal"),
    ("trainingLang/trainingLang-testmodel.yml", "trainingLang/trainingLang.mal"),
  ]

  static func corpusModel(_ path: String) throws -> InputDocument {
    let folder = try #require(Fixture.corpus)
    return InputDocument(
      name: path, bytes: Array(try Data(contentsOf: folder.appending(path: path))))
  }

  static func corpusLanguage(_ path: String) throws -> CompiledLanguage {
    try #require(corpusLanguages[path])
  }

  private static let corpusLanguages: [String: CompiledLanguage] = {
    var languages: [String: CompiledLanguage] = [:]
    for path in Set(corpusModels.map(\.1)) {
      var diagnostics = Diagnostics()
      guard let sources = try? Fixture.corpusSources(path) else { continue }
      languages[path] = CompiledLanguage(sources: sources, reportingTo: &diagnostics)
    }
    return languages
  }()

  /// Links as people read them, in the order of the model.
  static func links(_ file: InstanceModelFile?) -> [String] {
    guard let model = file?.model else { return [] }
    return model.links.map {
      "\(model.assets[$0.left].name) \($0.association) \(model.assets[$0.right].name)"
    }
  }
}

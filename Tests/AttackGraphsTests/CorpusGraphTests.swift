import AttackGraphs
import EngineSupport
import Foundation
import Testing
import ThreatLanguage

@Suite("Graphs of known models have the sizes that mal-toolbox 2.11 gives")
struct CorpusGraphTests {
  static let corpus: URL? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared")
    let folder = shared.appending(path: "corpus/mal")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static func language(_ folder: String, _ main: String) throws -> CompiledLanguage {
    let place = try #require(corpus).appending(path: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
    let sources = try ([main] + names.filter { $0.hasSuffix(".mal") && $0 != main }).map {
      InputDocument(name: $0, bytes: Array(try Data(contentsOf: place.appending(path: $0))))
    }
    var diagnostics = Diagnostics()
    let language = CompiledLanguage(sources: sources, reportingTo: &diagnostics)
    return try #require(language, "\(diagnostics.all)")
  }

  /// A model written as “type, type …” and “from, field, to”: from's `field` is to.
  static func model(
    _ language: CompiledLanguage, _ types: [String], _ reach: [(from: Int, field: String, to: Int)]
  ) throws -> InstanceModel {
    let links = try reach.map { from, field, to in
      for association in language.associations {
        if association.right.field == field,
          language.isType(types[from], kindOf: association.left.assetType)
        {
          return InstanceModel.Link(association: association.fullName, left: from, right: to)
        }
        if association.left.field == field,
          language.isType(types[from], kindOf: association.right.assetType)
        {
          return InstanceModel.Link(association: association.fullName, left: to, right: from)
        }
      }
      return try #require(nil as InstanceModel.Link?, "\(types[from]) has no field \(field)")
    }
    let assets = types.enumerated().map {
      InstanceModel.Asset(name: "\($0.element):\($0.offset)", type: $0.element)
    }
    return InstanceModel(assets: assets, links: links)
  }

  private func graph(_ language: CompiledLanguage, _ model: InstanceModel) -> AttackGraph {
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      language, over: model, measured: [], horizon: 30, reportingTo: &diagnostics)
    #expect(!diagnostics.hasErrors, "\(diagnostics.all)")
    return graph
  }

  @Test(.enabled(if: corpus != nil, "corpus is not beside the checkout"))
  func trainingLang() throws {
    let language = try Self.language("trainingLang", "trainingLang.mal")
    // simple_traininglang_model.yml
    let model = try Self.model(
      language, ["Host", "Host", "Data", "User", "Network"],
      [(0, "data", 2), (0, "networks", 4), (0, "users", 3), (1, "networks", 4)])
    let graph = graph(language, model)
    #expect(graph.steps.count == 15)
    #expect(graph.parents.count == 19)
  }

  @Test(.enabled(if: corpus != nil, "corpus is not beside the checkout"))
  func coreLang() throws {
    let language = try Self.language("coreLang", "main.mal")
    // simple_example_model.yml
    let model = try Self.model(
      language,
      [
        "Application", "Application", "Application", "IDPS", "SoftwareVulnerability", "Data",
        "Credentials", "Credentials", "Identity", "Credentials", "Credentials", "Identity", "User",
        "Group",
      ],
      [
        (0, "appExecutedApps", 1), (0, "appExecutedApps", 2), (0, "appExecutedApps", 3),
        (2, "containedData", 5), (2, "vulnerabilities", 4), (3, "infoDependedUpon", 13),
        (5, "encryptCreds", 6), (6, "identities", 8), (6, "requiredFactors", 7), (8, "users", 12),
        (9, "identities", 11), (10, "identities", 11), (11, "users", 12),
      ])
    let graph = graph(language, model)
    #expect(graph.steps.count == 545)
    #expect(graph.parents.count == 783)
    let existing = graph.steps.filter {
      ($0.type.kind == .exist && $0.isViable) || ($0.type.kind == .notExist && !$0.isViable)
    }
    let checks = graph.steps.filter { $0.type.kind == .exist || $0.type.kind == .notExist }
    #expect(existing.count == 7)
    #expect(checks.count == 17)
  }

  @Test(.enabled(if: corpus != nil, "corpus is not beside the checkout"))
  func coreLangWithTwoHundredAndFiftyAssets() throws {
    let language = try Self.language("coreLang", "main.mal")
    let count = 120
    let types =
      Array(repeating: "Application", count: count) + Array(repeating: "Identity", count: count)
      + Array(repeating: "Network", count: 10)
    var reach: [(from: Int, field: String, to: Int)] = []
    for i in 0..<count {
      reach.append((i, "networks", 2 * count + i % 10))
      reach.append((i, "executionPrivIAMs", count + 7 * i % count))
      if i > 0 { reach.append((i, "hostApp", i / 2)) }
    }
    let graph = graph(language, try Self.model(language, types, reach))
    #expect(graph.steps.count == 11_460)
    #expect(graph.parents.count == 18_402)
    for step in [0, 5_000, 11_459] { #expect(graph.step(named: graph.name(of: step)) == step) }
  }
}

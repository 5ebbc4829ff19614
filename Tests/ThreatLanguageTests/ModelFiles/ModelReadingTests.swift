import EngineSupport
import Testing

@testable import ThreatLanguage

@Suite("Model files become instance models")
struct ModelReadingTests {
  @Test func todaysLayout() throws {
    let (read, diagnostics) = try ModelFixture.read(ModelFixture.today)
    #expect(diagnostics.isEmpty)
    let file = try #require(read)
    #expect(file.name == "Plant 1" && file.languageID == "t" && file.toolboxVersion == "2.11.0")
    #expect(file.languageVersion == "1.0.0" && file.malVersion == "0.1.0-SNAPSHOT")
    #expect(file.info == "made by hand")
    #expect(file.model.assets.map(\.id) == [3, -7, 0, 5, 1])
    #expect(file.model.assets.map(\.name) == ["Server", "Host:1", "Data", "007", "Ann"])
    #expect(file.model.assets.map(\.type) == ["Server", "Host", "Data", "Data", "Person"])
    #expect(file.model.assets[0].defenses == ["patched": 0.25, "sealed": 1])
    #expect(
      ModelFixture.links(file) == [
        "Server Runs Host:1", "Server Stores Data", "Server Stores 007",
        "Data Link_copies_origins 007", "Ann Uses Server", "Ann Uses Host:1",
      ])
    let extras = try #require(file.details[0]?.extras)
    #expect(
      extras["position"] == .mapping([.init("x", .number(1.5)), .init("y", .integer("-2"))]))
    #expect(
      extras["tags"]
        == .list([.text("a"), .text("1.0"), .timestamp("2026-11-21"), .bool(true), .null]))
    #expect(
      file.attackers == [
        .init(id: 9, name: "Eve", entryPoints: [.init(asset: 4, steps: ["phish"])])
      ]
    )
  }

  @Test func oneDirectionIsEnoughAndBothAreOneLink() throws {
    let assets = { (host: String, data: String) in
      ModelFixture.file(
        """
          0: {name: H, type: Server, associated_assets: {\(host)}}
          1: {name: D, type: Data, associated_assets: {\(data)}}
        """)
    }
    let links = try [
      assets("data: {1: D}", "hosts: {0: H}"), assets("data: {1: D}", ""),
      assets("", "hosts: {0: H}"), assets("data: [1]", "hosts: [0, '0']"),
    ].map { try ModelFixture.links(ModelFixture.read($0).file) }
    #expect(links == Array(repeating: ["H Stores D"], count: 4))
  }

  @Test func everyOlderLayoutIsTheSameModel() throws {
    let assets = """
      assets:
        4: {name: H, type: Host, defenses: {patched: "0.5"}}
        2: {name: G, type: Host}
        3: {name: D, type: Data}
      """
    let head = { (version: String) in
      "metadata: {name: m, langID: t, MAL-Toolbox Version: \(version)}\n"
    }
    let texts = [
      head("0.1.8") + assets + """

        associations:
        - Stores_Host_Data: {data: [3], hosts: [4, 2]}
        - Runs: {guests: [2], above: [4]}
        attackers: {9: {name: Eve, entry_points: {3: {attack_steps: [read]}}}}
        """,
      head("0.2.0") + assets + """

        associations:
        - Stores: {data: {3: D}, hosts: {4: H, 2: G}}
        - Runs: {guests: {2: G}, above: {4: H}}
        attackers: {9: {name: Eve, entry_points: {D: {asset_id: 3, attack_steps: [read]}}}}
        """,
      """
      {"metadata": {"name": "m", "langID": "t", "MAL Toolbox Version": "0.0.38"}, "assets": {
        "4": {"name": "H", "metaconcept": "Host", "eid": "4", "defenses": {"patched": "0.5"}},
        "2": {"name": "G", "metaconcept": "Host", "eid": "2", "defenses": {}},
        "3": {"name": "D", "metaconcept": "Data", "eid": "3"}},
       "associations": [
        {"metaconcept": "Stores", "association": {"hosts": ["4", "2"], "data": ["3"]}},
        {"metaconcept": "Runs", "association": {"above": ["4"], "guests": ["2"]}}],
       "attackers": {"9": {"name": "Eve", "entry_points": {"3": {"attack_steps": ["read"]}}}}}
      """,
    ]
    for text in texts {
      let (file, diagnostics) = try ModelFixture.read(text)
      #expect(diagnostics.map(\.code) == ["model.file.upgraded"], "\(text)")
      #expect(diagnostics.map(\.severity) == [.note])
      #expect(ModelFixture.links(file) == ["H Runs G", "H Stores D", "G Stores D"], "\(text)")
      #expect(file?.model.assets.map(\.id) == [4, 2, 3])
      #expect(file?.model.assets[0].defenses == ["patched": 0.5])
      #expect(file?.attackers?.first?.entryPoints == [.init(asset: 2, steps: ["read"])])
      #expect(file?.toolboxVersion == "2.11.0")
      #expect(file?.metadata["upgradedFrom"]?.label?.hasPrefix("0.") == true)
      #expect(file?.metadata.contains { $0.key == .text("MAL Toolbox Version") } == false)
    }
  }

  @Test func whatStandsInTheFileDecidesNotItsVersion() throws {
    let old = ModelFixture.today.replacing("2.11.0", with: "0.2.0")
    let (file, diagnostics) = try ModelFixture.read(old)
    #expect(diagnostics.isEmpty)
    #expect(file?.toolboxVersion == "0.2.0")
    let named = try ModelFixture.read(old, name: "m.json")
    #expect(named.file == file)
  }

  @Test func namesAreKeptUniqueAsMalToolboxDoes() throws {
    let (file, diagnostics) = try ModelFixture.read(
      ModelFixture.file(
        """
          0: {name: A, type: Data, associated_assets: {}}
          1: {name: A, type: Data, associated_assets: {origins: {0: A}}}
          2: {name: "", type: Data, associated_assets: {copies: {1: A}}}
          3: Data
        """))
    #expect(diagnostics.map(\.code) == ["model.asset.renamed"])
    #expect(diagnostics.first?.location?.line == 4)
    #expect(file?.model.assets.map(\.name) == ["A", "A:1", "Data:2", "Data:3"])
    #expect(
      ModelFixture.links(file) == ["A:1 Link_copies_origins A", "A:1 Link_copies_origins Data:2"])
  }

  @Test func aliasesAndMergedMappingsAreFollowed() throws {
    let (file, diagnostics) = try ModelFixture.read(
      ModelFixture.file(
        """
          0: &host {name: H, type: Host, defenses: &d {patched: 1, locked: 0.5}}
          1: {<<: *host, name: G}
          2: {name: S, type: Server, defenses: {<<: [*d, {sealed: 1}], patched: 0}}
        """))
    #expect(diagnostics.isEmpty)
    #expect(file?.model.assets.map(\.type) == ["Host", "Host", "Server"])
    #expect(file?.model.assets[1].defenses == ["patched": 1, "locked": 0.5])
    #expect(file?.model.assets[2].defenses == ["patched": 0, "locked": 0.5, "sealed": 1])
  }

  @Test func numbersAreTakenAsPythonTakesThem() throws {
    let (file, diagnostics) = try ModelFixture.read(
      ModelFixture.file(
        """
          0x10: {name: A, type: Host, defenses: {patched: yes, locked: 1e-1, sealed: " .5 "}}
          "1_7": {name: B, type: Host, defenses: {patched: 1., locked: "1", sealed: 0}}
          -9_223_372_036_854_775_808: {name: 12:30, type: Data}
          09: {name: C, type: Data}
        """))
    #expect(file?.model.assets.map(\.id) == [16, 17, .min, 9])
    #expect(file?.model.assets[0].defenses == ["patched": 1, "locked": 0.1, "sealed": 0.5])
    #expect(file?.model.assets[1].defenses == ["patched": 1, "locked": 1, "sealed": 0])
    #expect(file?.model.assets[2].name == "12:30")
    #expect(diagnostics.map(\.code) == ["model.file.name"])
  }

  @Test(.enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"))
  func everyModelOfTheCorpus() throws {
    var files: [String: InstanceModelFile] = [:]
    for (path, languagePath) in ModelFixture.corpusModels {
      let (file, diagnostics) = try ModelFixture.read(
        ModelFixture.corpusModel(path), ModelFixture.corpusLanguage(languagePath))
      #expect(!diagnostics.contains { $0.severity == .error }, "\(path): \(diagnostics)")
      files[path] = file
    }
    #expect(files.count == ModelFixture.corpusModels.count)
    // One model in four layouts.
    let same = [
      "simple_example_model.yml", "simple_example_model_0.0.38.json",
      "simple_example_model_0.1.8.yml", "simple_example_model_0.2.0.yml",
    ].compactMap { files["mal-toolbox/" + $0] }
    #expect(same.count == 4 && Set(same.map(\.model)).count == 1)
    #expect(Set(same.map { $0.attackers?.map(\.name) }).count == 1)
    #expect(same[0].model.assets.count == 14 && same[0].model.links.count == 13)
    #expect(same[0].attackers?.flatMap(\.entryPoints).count == 5)
  }
}

import EngineSupport
import Testing

@testable import ThreatLanguage

@Suite("Model files are written without loss")
struct ModelWritingTests {
  typealias Value = InstanceModelFile.Value

  private func reread(
    _ file: InstanceModelFile, as format: InstanceModelFile.Format, in language: CompiledLanguage
  ) throws -> (file: InstanceModelFile?, text: String) {
    let bytes = try file.bytes(as: format, in: language)
    let (again, diagnostics) = try ModelFixture.read(
      InputDocument(name: "written", bytes: bytes), language)
    #expect(
      !diagnostics.contains { $0.severity == .error || $0.code == "model.file.stale-name" },
      "\(diagnostics)")
    return (again, String(decoding: bytes, as: UTF8.self))
  }

  @Test func whatIsWrittenIsReadBackEqual() throws {
    let language = try ModelFixture.language()
    let file = try #require(try ModelFixture.read(ModelFixture.today).file)
    let yaml = try reread(file, as: .yaml, in: language)
    #expect(yaml.file == file)
    #expect(try reread(file, as: .yaml, in: language).text == yaml.text)
    // JSON has no dates, so one extra becomes text; the rest is equal, and stays so.
    var json = try #require(try reread(file, as: .json, in: language).file)
    #expect(try reread(json, as: .json, in: language).file == json)
    #expect(json.model == file.model && json.attackers == file.attackers)
    json.details = file.details
    #expect(json == file)
  }

  @Test func yamlAsPeopleReadIt() throws {
    let language = try ModelFixture.language()
    var model = InstanceModel(
      assets: [
        .init(name: "Pump", type: "Server", defenses: ["patched": 1, "locked": 0.1]),
        .init(name: "recipe: \"hot\"", type: "Data", id: 0),
        .init(name: "Åsa", type: "Person"),
      ], links: [])
    model.links = [
      .init(association: "Uses", left: 2, right: 0),
      .init(association: "Stores", left: 0, right: 1),
      .init(association: "Uses", left: 2, right: 0),
      .init(association: "Link_owners_data", left: 2, right: 1),
    ]
    let file = InstanceModelFile(model: model, name: "m", language: language)
    let text = String(decoding: try file.bytes(as: .yaml, in: language), as: UTF8.self)
    #expect(
      text == """
        metadata:
          name: m
          langVersion: "1.0.0"
          langID: t
          malVersion: "0.1.0-SNAPSHOT"
          MAL-Toolbox Version: "2.11.0"
          info: Created by Bartizan.
        assets:
          1:
            name: Pump
            type: Server
            defenses:
              locked: 0.1
              patched: 1.0
            associated_assets:
              users:
                2: "Åsa"
              data:
                0: "recipe: \\"hot\\""
          0:
            name: "recipe: \\"hot\\""
            type: Data
            associated_assets:
              hosts:
                1: Pump
              owners:
                2: "Åsa"
          2:
            name: "Åsa"
            type: Person
            associated_assets:
              hosts:
                1: Pump
              data:
                0: "recipe: \\"hot\\""

        """)
    let again = try reread(file, as: .yaml, in: language).file
    #expect(
      ModelFixture.links(again) == [
        "Pump Stores recipe: \"hot\"", "Åsa Uses Pump", "Åsa Link_owners_data recipe: \"hot\"",
      ])
    #expect(try reread(file, as: .json, in: language).file == again)
  }

  @Test func linksTheLanguageDoesNotHaveAreRefused() throws {
    let language = try ModelFixture.language()
    for link in [
      InstanceModel.Link(association: "Stores", left: 1, right: 0),
      InstanceModel.Link(association: "Nothing", left: 0, right: 1),
      InstanceModel.Link(association: "Stores", left: 0, right: 7),
    ] {
      let model = InstanceModel(
        assets: [.init(name: "H", type: "Host"), .init(name: "D", type: "Data")], links: [link])
      let file = InstanceModelFile(model: model, name: "m", language: language)
      #expect(throws: Diagnostic.self) { try file.bytes(as: .json, in: language) }
    }
    var file = InstanceModelFile(
      model: InstanceModel(assets: [], links: []), name: "m", language: language)
    file.attackers = [.init(id: 1, name: "E", entryPoints: [.init(asset: 0, steps: [])])]
    #expect(throws: Diagnostic.self) { try file.bytes(as: .yaml, in: language) }
  }

  static let texts = [
    "1.0", "007", "0x1F", "1_000", "12:30", "1e3", "yes", "No", "null", "~", "", " ", " lead",
    "trail ",
    "a: b", "a #b", "- dash", "? key", "*alias", "&anchor", "!tag", "%d", "@at", "`tick", "'s'",
    "\"d\"",
    "back\\slash", "\\uFEFF", "tab\there", "line\nbreak", "two\n\nbreaks\n", "\r\n", "\u{7}",
    "\u{7F}",
    "\u{85}", "\u{2028}", "\u{FEFF}mark", "mid\u{FEFF}", "åäö", "日本語", "😀", "e\u{301}", "{b}",
    "[b]", "a,b",
    "2026-11-21", ".inf", "nan", "<<", "=", "---", "...", "\u{0}zero", "colon:", "a:b", "y",
    "\u{FFFE}",
    String(repeating: "x", count: 1_500), String(repeating: "long words ", count: 40),
  ]

  @Test func anyTextNumberAndNestingSurvives() throws {
    let language = try ModelFixture.language()
    let seed: UInt64 = 20_261_121
    var random = SeededRandom(seed: seed)
    for round in 0..<150 {
      let file = Self.file(&random)
      let yaml = try reread(file, as: .yaml, in: language)
      #expect(yaml.file == file, "seed \(seed), round \(round):\n\(yaml.text)")
      let json = try reread(file, as: .json, in: language)
      let again = try #require(json.file, "seed \(seed), round \(round)")
      #expect(again.model == file.model && again.attackers == file.attackers)
      #expect(try reread(again, as: .json, in: language).text == json.text)
    }
  }

  static func file(_ random: inout SeededRandom) -> InstanceModelFile {
    func pick<Element>(_ list: [Element]) -> Element { list[random.index(below: list.count)] }
    func value(_ depth: Int) -> Value {
      switch random.index(below: depth < 4 ? 10 : 7) {
      case 0: return pick([.null, .bool(true), .bool(false), .timestamp("2026-11-21")])
      case 1: return pick([.integer("0"), .integer("-5"), .integer("9223372036854775808")])
      case 2:
        return .number(
          pick([
            0, -0.0, 1e300, .leastNonzeroMagnitude, 1e16, 0.1, 123_456_789_012_345_680,
            random.uniform(),
          ]))
      case 3...6: return .text(pick(texts))
      case 7: return .list((0..<random.index(below: 4)).map { _ in value(depth + 1) })
      default: return .mapping(entries(depth + 1))
      }
    }
    func entries(_ depth: Int) -> [Value.Entry] {
      var keys: Set<String> = []
      return (0..<random.index(below: 4)).compactMap { _ in
        let key = pick(texts)
        return keys.insert(key).inserted ? Value.Entry(key, value(depth)) : nil
      }
    }
    var file = InstanceModelFile(
      model: InstanceModel(assets: [], links: []),
      metadata: [Value.Entry("name", .text(pick(texts)))]
        + (random.index(below: 2) == 0 ? [Value.Entry("x", value(0))] : []))
    var names: Set<String> = [""]
    for position in 0..<random.index(below: 12) {
      let name = pick(texts)
      let isNew = names.insert(name).inserted
      file.model.assets.append(
        InstanceModel.Asset(
          name: isNew ? name : "asset \(position)",
          type: pick(["Host", "Server", "Data", "Person"]),
          defenses: random.index(below: 3) == 0 ? ["locked": random.uniform()] : [:],
          id: Int(truncatingIfNeeded: random.next())))
      let details = InstanceModelFile.AssetDetails(extras: entries(0))
      if !details.extras.isEmpty { file.details[position] = details }
    }
    let hosts = file.model.assets.indices.filter {
      ["Host", "Server"].contains(file.model.assets[$0].type)
    }
    let people = file.model.assets.indices.filter { file.model.assets[$0].type == "Person" }
    for person in people {
      for host in hosts where random.index(below: 2) == 0 {
        file.model.links.append(.init(association: "Uses", left: person, right: host))
      }
    }
    if let person = people.first {
      file.attackers = [
        .init(id: -1, name: pick(texts), entryPoints: [.init(asset: person, steps: [pick(texts)])])
      ]
    }
    file.model.links.sort { ($0.left, $0.right) < ($1.left, $1.right) }
    return file
  }

  @Test(.enabled(if: Fixture.corpus != nil, "corpus is not beside the checkout"))
  func everyModelOfTheCorpus() throws {
    for (path, languagePath) in ModelFixture.corpusModels {
      let language = try ModelFixture.corpusLanguage(languagePath)
      let file = try #require(
        try ModelFixture.read(ModelFixture.corpusModel(path), language).file)
      for format in InstanceModelFile.Format.allCases {
        #expect(try reread(file, as: format, in: language).file == file, "\(path) \(format)")
      }
    }
  }
}

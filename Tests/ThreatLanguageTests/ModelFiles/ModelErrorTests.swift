import EngineSupport
import Testing

@testable import ThreatLanguage

@Suite("What is wrong with a model file is said with its place")
struct ModelErrorTests {
  private func described(_ text: String) throws -> [String] {
    try ModelFixture.read(text).diagnostics.map { "\($0)" }
  }

  @Test func severalErrorsAtOnce() throws {
    let (file, diagnostics) = try ModelFixture.read(
      """
      metadata: {name: m, langID: other}
      assets:
        0:
          name: Åsa's host
          type: Hosst
        1:
          name: H
          type: Host
          defenses: {patchd: 0.5, patched: 1.5, locked: .nan, sealed: hard}
          associated_assets:
            dat: {2: D}
            data: {3: nobody, x: y, 2: D}
            guests: {2: D}
        2: {name: D, type: Data, associated_assets: {users: {}}}
        two: {name: E, type: Data}
      """)
    #expect(file == nil)
    let lines = diagnostics.map { diagnostic in
      let place = diagnostic.location.map { "\($0.line ?? 0):\($0.column ?? 0)" } ?? "?"
      return "\(place) \(diagnostic.severity) \(diagnostic.code)"
    }
    #expect(
      lines == [
        "15:3 error model.file.id", "9:38 error model.defense.range",
        "9:51 error model.defense.range", "9:65 error model.file.defense",
        "12:14 error model.file.missing-asset", "12:25 error model.file.id",
        "1:29 warning model.file.language", "5:11 error model.type.unknown",
        "9:16 warning model.defense.unknown", "11:7 error model.field.unknown",
        "13:16 error model.link.end", "14:48 error model.field.unknown",
      ])
    let hints = diagnostics.compactMap(\.hint)
    #expect(
      hints == ["did you mean `Host`?", "did you mean `patched`?", "did you mean `data`?"])
    #expect(diagnostics.contains { $0.message.contains("“Åsa's host” is a `Hosst`") })
  }

  @Test func columnsCountBytes() throws {
    let text = ModelFixture.file("  0: {name: \"Åäö😀\", type: Nope}")
    let location = try ModelFixture.read(text).diagnostics.first?.location
    let line = text.split(separator: "\n", omittingEmptySubsequences: false)[2]
    #expect(location?.line == 3)
    let column = try #require(location?.column)
    #expect(line.utf8.dropFirst(column - 1).starts(with: "Nope".utf8))
  }

  @Test(arguments: [
    ("", "model.file.empty"), ("[]", "model.file.shape"), ("{}", "model.file.shape"),
    ("assets: 1\nmetadata: {name: m}", "model.file.shape"),
    ("assets: {}", "model.file.metadata"), ("assets: {}\nmetadata: 3", "model.file.metadata"),
    ("assets: {}\nmetadata: {nam: m}", "model.file.metadata"),
    ("assets: {0: {name: A}}\nmetadata: {name: m}", "model.file.asset"),
    ("assets: {0: {type: Data}}\nmetadata: {name: m}", "model.file.asset"),
    ("assets: {0: [Data]}\nmetadata: {name: m}", "model.file.asset"),
    ("assets: {0: {name: [], type: Data}}\nmetadata: {name: m}", "model.file.asset"),
    ("assets: {0: {name: A, type: {}}}\nmetadata: {name: m}", "model.file.asset"),
    ("assets: {1.5: {name: A, type: Data}}\nmetadata: {name: m}", "model.file.id"),
    ("assets: {99999999999999999999: Data}\nmetadata: {name: m}", "model.file.id"),
    ("assets: {1: Data, 0x1: Data}\nmetadata: {name: m}", "model.file.duplicate-id"),
    ("assets: {1: Data, 1: Data}\nmetadata: {name: m}", "model.file.duplicate-key"),
    ("assets: {0: {name: A, type: Data, extras: 3}}\nmetadata: {name: m}", "model.file.asset"),
    ("assets: {0: {name: A, type: Data, defenses: 3}}\nmetadata: {name: m}", "model.file.asset"),
    (
      "assets: {0: {name: A, type: Data, associated_assets: 3}}\nmetadata: {name: m}",
      "model.file.asset"
    ),
    (
      "assets: {0: {name: A, type: Data, extras: {x: .inf}}}\nmetadata: {name: m}",
      "model.file.value"
    ),
    ("assets: {}\nmetadata: {name: m}\nassociations: {}", "model.file.shape"),
    ("assets: {}\nmetadata: {name: m}\nassociations: [3]", "model.file.association"),
    ("assets: {}\nmetadata: {name: m}\nassociations: [{A: {}, B: {}}]", "model.file.association"),
    ("assets: {}\nmetadata: {name: m}\nassociations: [{A: {x: []}}]", "model.file.association"),
    ("assets: {}\nmetadata: {name: m}\nassociations: []\nattackers: [1]", "model.file.attacker"),
    (
      "assets: {}\nmetadata: {name: m}\nassociations: []\nattackers: {1: {}}", "model.file.attacker"
    ),
    (
      "assets: {0: Data, 1: {name: A, type: Data, associated_assets: {origins: [1]}}, 01: Data}\nmetadata: {name: m}",
      "model.file.duplicate-id"
    ),
    (
      "assets: {}\nmetadata: {name: m}\nassociations: []\nattackers: {1: {name: E, entry_points: {0: {attack_steps: []}}}}",
      "model.file.missing-asset"
    ),
    ("{\"assets\": {", "json.malformed"), ("assets: {", "model.file.yaml"),
    ("assets: !!binary abc\nmetadata: {name: m}", "model.file.yaml"),
    ("a: 1\n---\nb: 2", "model.file.yaml"),
  ])
  func faults(text: String, code: String) throws {
    let (file, diagnostics) = try ModelFixture.read(text)
    #expect(file == nil)
    let error = try #require(diagnostics.first { $0.severity == .error }, "\(text)")
    #expect(error.code.name == code, "\(text): \(error)")
    #expect(error.location != nil)
    #expect(text.isEmpty || error.location?.line != nil, "\(error)")
  }

  @Test func tooManyInAFieldIsAnErrorTooFewAWarning() throws {
    let (file, diagnostics) = try ModelFixture.read(
      ModelFixture.file(
        """
          0: {name: H, type: Rack}
          1: {name: D, type: Data}
          2: {name: E, type: Data}
          3: {name: F, type: Data}
          4:
            name: G
            type: Host
            associated_assets:
              users: {5: P}
              data: [1, 2, 3]
          5: {name: P, type: Person}
        """))
    #expect(file == nil)
    #expect(
      diagnostics.map { "\($0.location?.line ?? 0) \($0.severity) \($0.code)" } == [
        "3 warning model.multiplicity", "12 error model.multiplicity",
      ])
    #expect(diagnostics.last?.message == "asset “G” has 3 `data`, the language allows 2")
  }

  @Test func whatMalToolboxLoadsIsNoError() throws {
    let (file, diagnostics) = try ModelFixture.read(
      """
      metadata: {name: m}
      assets:
        0: {name: A, type: Thing, color: red, defenses: {nothing: 1}}
      attackers: {0: {name: E, entry_points: {A: {asset_id: 0, attack_steps: [tuch]}}}}
      whatever: {x: [1]}
      """)
    #expect(file?.model.assets.map(\.type) == ["Thing"])
    #expect(file?.details[0]?.other["color"] == .text("red"))
    #expect(file?.other["whatever"] == .mapping([.init("x", .list([.integer("1")]))]))
    #expect(diagnostics.allSatisfy { $0.severity == .warning })
    #expect(
      diagnostics.map(\.code) == [
        "model.file.unknown-key", "model.file.unknown-key", "model.type.abstract",
        "model.defense.unknown", "model.file.entry-step",
      ])
    #expect(diagnostics.last?.hint == "did you mean `touch`?")
  }

  @Test func attackersThatCannotBeReadAreKeptInTodaysLayout() throws {
    let (file, diagnostics) = try ModelFixture.read(
      ModelFixture.file("  0: {name: A, type: Data, associated_assets: {}}")
        + "attackers: {1: {name: E, entry_points: {A: {asset_id: 7, attack_steps: [read]}}}}")
    #expect(file != nil && file?.attackers == nil)
    #expect(file?.other.map(\.key) == [.text("attackers")])
    #expect(
      diagnostics.map { "\($0.severity) \($0.code)" } == ["warning model.file.missing-asset"])
  }

  @Test func staleNamesAndWrongAssociationsAreDoubted() throws {
    let (file, diagnostics) = try ModelFixture.read(
      """
      metadata: {name: m}
      assets: {0: {name: H, type: Host}, 1: {name: D, type: Data}, 2: {name: P, type: Person}}
      associations:
      - Runs: {hosts: {0: H}, data: {1: Dada}}
      - Uses: {users: [2], hosts: [0]}
      """)
    #expect(ModelFixture.links(file) == ["H Stores D", "P Uses H"])
    #expect(
      diagnostics.filter { $0.severity == .warning }.map(\.code) == [
        "model.file.stale-name", "model.file.association", "model.file.association",
      ])
  }

  @Test func aMillionErrorsAreAHundred() throws {
    let assets = (0..<5_000).map { "  \($0): {name: a\($0), type: Nope}" }.joined(separator: "\n")
    let (_, diagnostics) = try ModelFixture.read(ModelFixture.file(assets))
    #expect(diagnostics.count == 101)
    #expect(diagnostics.last?.message == "4900 more errors of this file are not shown")
    let crowd = (0..<3_000).map {
      "  \($0): {name: a\($0), type: Host, associated_assets: {above: [1, 2, 3]}}"
    }
    let crowded = try ModelFixture.read(ModelFixture.file(crowd.joined(separator: "\n")))
    #expect(crowded.diagnostics.filter { $0.severity == .error }.count == 101)
  }
}

import Foundation
import Testing

/// `bartizan graph generate`, `explain STEP`, `why-not` and `what-if` from the outside.
@Suite(.serialized) struct GraphCommandTests {
  private static let language = """
    #id: "org.example.office"
    #version: "1.0.0"
    category Office {
      asset Host {
        | enter -> login
        & login -> disks.read
        # lock -> login
      }
      asset Disk { | read }
    }
    associations { Host [hosts] * <-- Has --> * [disks] Disk }
    """
  private static let model = """
    metadata: {name: office, langID: org.example.office, langVersion: 1.0.0}
    assets:
      1: {name: pc, type: Host, associated_assets: {disks: {2: d}}, defenses: {lock: 0.5}}
      2: {name: d, type: Disk, associated_assets: {hosts: {1: pc}}}
      3: {name: spare, type: Disk, associated_assets: {}}
    """
  private static let graph = ["--language", "office.mal", "--model", "office.yml"]
  private static let sample = ["--product", CommandRun.sample]

  private func inOffice(_ work: (URL) throws -> Void) throws {
    try CommandRun.inFolder { folder in
      for (text, name) in [(Self.language, "office.mal"), (Self.model, "office.yml")] {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      try work(folder)
    }
  }

  @Test func aGraphIsWrittenAsMALToolboxSavesIt() throws {
    try inOffice { folder in
      let run = try CommandRun(
        ["graph", "generate"] + Self.graph + ["--output", "graph.json"], in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("3 assets, 5 steps, 3 edges"), "\(run.output)")
      let data = try Data(contentsOf: folder.appendingPathComponent("graph.json"))
      let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let steps = try #require(json["attack_steps"] as? [String: [String: Any]])
      #expect(Set(steps.keys) == ["pc:enter", "pc:login", "pc:lock", "d:read", "spare:read"])
      let login = try #require(steps["pc:login"])
      #expect(login["type"] as? String == "and" && login["id"] as? Int == 1)
      #expect(login["lang_graph_attack_step"] as? String == "Host:login")
      #expect(login["parents"] as? [String: String] == ["0": "pc:enter", "2": "pc:lock"])
      #expect(login["children"] as? [String: String] == ["3": "d:read"])
      let time = try #require(steps["pc:lock"]?["ttc"] as? [String: Any])
      #expect(time["name"] as? String == "Bernoulli" && time["arguments"] as? [Double] == [0.5])
    }
  }

  @Test func badModelsAreLocatedAndWriteNothing() throws {
    try inOffice { folder in
      let text = Self.model.replacingOccurrences(of: "type: Host", with: "type: Hots")
      try Data(text.utf8).write(to: folder.appendingPathComponent("office.yml"))
      let run = try CommandRun(
        ["graph", "generate"] + Self.graph + ["--output", "graph.json"], in: folder)
      #expect(run.status == 2)
      #expect(run.errors.contains("office.yml:3:"), "\(run.errors)")
      #expect(run.errors.contains("Host"), "the hint names what is near: \(run.errors)")
      #expect(try CommandRun.names(in: folder) == ["office.mal", "office.yml"])
    }
  }

  @Test func aStepIsExplainedByItsWay() throws {
    try inOffice { folder in
      let run = try CommandRun(
        ["explain", "d:read"] + Self.graph + ["--entry", "pc:enter"], in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("network front alone: probability 0.5000"), "\(run.output)")
      #expect(run.output.contains("from 3. pc:login  office.mal:6:16"), "\(run.output)")
      let unknown = try CommandRun(["explain", "d:write"] + Self.graph, in: folder)
      #expect(unknown.status == 2 && unknown.errors.contains("its steps: read"))
    }
  }

  @Test func whyNotNamesWhatTheModelLacks() throws {
    try inOffice { folder in
      let run = try CommandRun(
        ["why-not", "spare:read"] + Self.graph + ["--entry", "pc:enter"], in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("office.mal:6:16: Host.login -> disks.read"), "\(run.output)")
      #expect(run.output.contains("none of the model's 1 Host is linked that way"))
    }
  }

  @Test func whatIfSaysWhatChanges() throws {
    try inOffice { folder in
      let run = try CommandRun(
        ["what-if"] + Self.graph
          + ["--entry", "pc:enter", "--goal", "d:read", "--enable", "pc:lock"], in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("before  reached by network alone; best path 0.5000"))
      #expect(run.output.contains("after   not reached; best path 0.0000"), "\(run.output)")
      #expect(run.output.contains("no longer reached: 3 steps"), "\(run.output)")
      let none = try CommandRun(["what-if"] + Self.graph, in: folder)
      #expect(none.status == 2 && none.errors.contains("--enable"))
    }
  }

  @Test func aProductIsAskedWithoutTesting() throws {
    try CommandRun.inFolder { folder in
      let run = try CommandRun(
        ["what-if"] + Self.sample + ["--enable", "SCADA server:plausibilityCheck"], in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("unsafe-set-point\n  before  reached by network or sensor alone"))
      #expect(run.output.contains("  after   reached by network alone"), "\(run.output)")
      let wrong = try CommandRun(
        ["what-if"] + Self.sample + ["--enable", "SCADA server:compromise"], in: folder)
      #expect(wrong.status == 2 && wrong.errors.contains("SCADA server:plausibilityCheck"))
    }
  }
}

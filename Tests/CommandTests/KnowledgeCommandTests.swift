import Foundation
import Testing

/// `bartizan knowledge` from the outside: what is listed and shown, and files that are pinned.
@Suite(.serialized) struct KnowledgeCommandTests {
  private static let atlas = """
    id: ATLAS
    version: 99.0
    matrices:
    - techniques:
      - id: AML.T0043
        name: Craft Something
    """

  private func write(_ text: String, _ name: String, in folder: URL) throws {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  @Test func cataloguesAreListed() throws {
    try CommandRun.inFolder { folder in
      let run = try CommandRun("knowledge", "list", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let rows = run.output.split(separator: "\n").filter { $0.contains("bundled") }
      #expect(rows.count == 14)
      #expect(rows.first?.hasPrefix("attack-ics") == true)
      #expect(run.output.contains("The MITRE Corporation"))
      #expect(run.output.contains("5.6.0"))
    }
  }

  @Test(arguments: [
    ("T0855", ["Unauthorized Command Message", "MITRE ATT&CK for ICS, 18.1", "mitigated by"]),
    ("aml.t0043", ["AML.T0043  Craft Adversarial Data", "MITRE ATLAS, 5.6.0", "has the part"]),
    ("CR 3.1", ["Communication integrity", "security level (SL-C), at least: 1", "SAR, EDR"]),
    ("A.6.2.4", ["control of ISO/IEC 42001", "related by this project to", "CR 3.5"]),
    ("CWE-345", ["weakness of CWE", "exploited by"]),
    ("AITM-7.5-AR", ["! as reported, not verified", "against it:"]),
  ])
  func entriesAreShown(_ id: String, _ expected: [String]) throws {
    try CommandRun.inFolder { folder in
      let run = try CommandRun("knowledge", "show", id, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      for text in expected { #expect(run.output.contains(text), "\(text) in \(run.output)") }
    }
  }

  @Test func unknownEntriesAreHintedAt() throws {
    try CommandRun.inFolder { folder in
      let run = try CommandRun("knowledge", "show", "CR 31", in: folder)
      #expect(run.status == 2)
      #expect(run.output.isEmpty)
      #expect(run.errors.contains("[knowledge.entry.unknown]"))
      #expect(run.errors.contains("did you mean `CR 3.1`?"))
    }
  }

  @Test func anImportedReleaseIsPinnedAndShown() throws {
    try CommandRun.inFolder { folder in
      try write(Self.atlas, "catalogues/ATLAS.yaml", in: folder)
      try write("", "product/.keep", in: folder)
      let lock = "product/bartizan.lock.yaml"
      let run = try CommandRun(
        "knowledge", "import", "catalogues/ATLAS.yaml", "--lock", lock, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("atlas 99.0: 1 entries"))
      #expect(
        run.output.contains("against the bundled 5.6.0: 0 new, 277 gone or withdrawn, 1 renamed"))
      let text = try String(contentsOf: folder.appendingPathComponent(lock), encoding: .utf8)
      #expect(text.contains("file: \"../catalogues/ATLAS.yaml\""))

      let shown = try CommandRun("knowledge", "show", "AML.T0043", "--lock", lock, in: folder)
      #expect(shown.output.contains("Craft Something"), "\(shown.errors)")
      #expect(shown.output.contains("99.0, imported from ../catalogues/ATLAS.yaml"))
      let again = try CommandRun(
        "knowledge", "import", "catalogues/ATLAS.yaml", "--lock", lock, in: folder)
      #expect(again.status == 0)
      #expect(
        try String(contentsOf: folder.appendingPathComponent(lock), encoding: .utf8) == text)

      try write(Self.atlas + "\n", "catalogues/ATLAS.yaml", in: folder)
      let changed = try CommandRun("knowledge", "list", "--lock", lock, in: folder)
      #expect(changed.status == 2)
      #expect(changed.errors.contains("bartizan.lock.yaml:6:9"), "\(changed.errors)")
      #expect(changed.errors.contains("[knowledge.lock.changed]"))
    }
  }

  @Test func badFilesPinNothing() throws {
    try CommandRun.inFolder { folder in
      try write("hello", "a.txt", in: folder)
      try write("version: 1\nmatrices: [", "b.yaml", in: folder)
      for (file, code) in [
        ("a.txt", "knowledge.import.unrecognised"), ("b.yaml", "yaml.malformed"),
        ("c.json", "input.file.missing"),
      ] {
        let run = try CommandRun("knowledge", "import", file, in: folder)
        #expect(run.status == 2)
        #expect(run.errors.contains("[\(code)]"), "\(run.errors)")
      }
      #expect(try CommandRun.names(in: folder) == ["a.txt", "b.yaml"])
    }
  }

  /// The lock file beside the product file counts; its files must be there and unchanged.
  @Test func assessReadsTheLockFile() throws {
    try CommandRun.inFolder { folder in
      let sample = try CommandRun.copySample(to: folder)
      try write(Self.atlas, "samples/handheld-terminal/ATLAS.yaml", in: folder)
      let pin = try CommandRun("knowledge", "import", "ATLAS.yaml", in: sample)
      #expect(pin.status == 0, "\(pin.errors)")
      let run = try CommandRun(
        "assess", "bartizan.yaml", "--profile", "quick", "--samples", "1", in: sample)
      #expect(run.status == 0, "\(run.errors)")
      let report = sample.appendingPathComponent("report")
      let json = try String(
        contentsOf: report.appendingPathComponent("threat-model.json"), encoding: .utf8)
      #expect(json.contains("\"file\": \"ATLAS.yaml\""))
      #expect(json.contains("\"version\": \"99.0\""))
      let page = try String(
        contentsOf: report.appendingPathComponent("report.html"), encoding: .utf8)
      #expect(page.contains("imported from ATLAS.yaml"))
      #expect(page.contains("reproduced and distributed with the permission"))

      try FileManager.default.removeItem(at: sample.appendingPathComponent("ATLAS.yaml"))
      let missing = try CommandRun(
        "assess", "bartizan.yaml", "--profile", "quick", "--samples", "1", "--output", "other",
        in: sample)
      #expect(missing.status == 2)
      #expect(missing.errors.contains("bartizan.lock.yaml:6:9"), "\(missing.errors)")
      #expect(missing.errors.contains("[input.file.missing]"))
      #expect(try !CommandRun.names(in: sample).contains("other"))
    }
  }

  @Test func helpHasExamples() throws {
    try CommandRun.inFolder { folder in
      for command in ["list", "show", "import"] {
        let run = try CommandRun("knowledge", command, "--help", in: folder)
        #expect(run.status == 0)
        #expect(run.output.contains("EXAMPLES"))
        #expect(run.output.contains("bartizan knowledge \(command)"))
      }
    }
  }
}

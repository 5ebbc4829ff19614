import EngineSupport
import Foundation
import Provenance
import Testing

/// The command from the outside: files, exit codes, messages.
@Suite(.serialized) struct AssessCommandTests {
  @Test func writesAReportWholeAndExplainsIt() throws {
    try CommandRun.inFolder { folder in
      let run = try CommandRun(
        "assess", CommandRun.sample, "--output", "report", "--profile", "quick", "--samples", "6",
        in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("unsafe-set-point/both"))
      #expect(try CommandRun.names(in: folder) == ["report"])
      let report = folder.appendingPathComponent("report")
      let names = try CommandRun.names(in: report)
      #expect(Set(["evidence.jsonl", "report.html", "threat-model.json"]).isSubset(of: names))
      let ledger = try LedgerReading(
        reading: InputDocument(
          name: "evidence.jsonl",
          bytes: [UInt8](
            try Data(contentsOf: report.appendingPathComponent("evidence.jsonl")))))
      #expect(run.output.contains(ledger.root.hexadecimal))
      let page = try String(
        contentsOf: report.appendingPathComponent("report.html"), encoding: .utf8)
      #expect(page.contains("as reported, not verified"))
      #expect(!page.lowercased().contains("complies"))

      let explained = try CommandRun("explain", "unsafe-set-point/sensor", in: folder)
      #expect(explained.status == 0, "\(explained.errors)")
      #expect(explained.output.contains("evadeBySensor"))
      #expect(explained.output.contains(ledger.root.hexadecimal))
      #expect(explained.output.contains("measured"))

      let unknown = try CommandRun("explain", "nothing", in: folder)
      #expect(unknown.status == 2)
      #expect(unknown.errors.contains("unsafe-set-point/sensor"))

      try damage(
        report.appendingPathComponent("evidence.jsonl"), "\"name\":\"bartizan\"",
        "\"name\":\"bartisan\"")
      let forged = try CommandRun("explain", "unsafe-set-point/sensor", in: folder)
      #expect(forged.status == 2)
      #expect(forged.errors.contains("evidence.root.mismatch"))

      let gate = try CommandRun(
        "assess", CommandRun.sample, "--output", "report", "--profile", "quick", "--samples", "2",
        "--fail-on", "low",
        in: folder)
      #expect(gate.status == 1)
      #expect(try CommandRun.names(in: folder) == ["report"])
    }
  }

  @Test func badInputWritesNothing() throws {
    try CommandRun.inFolder { folder in
      let product = try CommandRun.copySample(to: folder)
      let yaml = product.appendingPathComponent("bartizan.yaml")
      let drawing = product.appendingPathComponent("handheld-terminal.drawio")
      let whole = try Data(contentsOf: drawing)
      func refused(_ code: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws
      {
        let run = try CommandRun(
          "assess", yaml.path, "--output", "out", "--profile", "quick", "--samples", "2", in: folder
        )
        #expect(run.status == 2, "\(run.errors)", sourceLocation: sourceLocation)
        #expect(run.errors.contains("[\(code)]"), "\(run.errors)", sourceLocation: sourceLocation)
        #expect(run.output.isEmpty, sourceLocation: sourceLocation)
        #expect(
          try CommandRun.names(in: folder) == ["models", "samples"], sourceLocation: sourceLocation)
      }
      try whole.prefix(2_000).write(to: drawing)
      try refused("import.xml.malformed")
      try Data("not a diagram".utf8).write(to: drawing)
      try refused("import.xml.malformed")
      let entities = (1...9).map { "<!ENTITY e\($0) \"&e\($0 - 1);&e\($0 - 1);\">" }.joined()
      try Data("<!DOCTYPE mxfile [<!ENTITY e0 \"x\">\(entities)]><mxfile>&e9;</mxfile>".utf8)
        .write(to: drawing)
      try refused("import.xml.doctype")
      try FileManager.default.removeItem(at: drawing)
      try refused("input.file.missing")
      try FileManager.default.createDirectory(at: drawing, withIntermediateDirectories: false)
      try refused("input.file.not-regular")
      try FileManager.default.removeItem(at: drawing)
      try whole.write(to: drawing)
      let plan = folder.appendingPathComponent("models/gauge-reader/test-plan.yaml")
      try damage(plan, "least_significant_bit", "least_signifcant_bit")
      try refused("plan.key.unknown")
      try damage(yaml, "consequences:", "consequence:")
      try refused("product.key.missing")
    }
  }

  @Test func otherPeoplesFilesAreLeftAlone() throws {
    try CommandRun.inFolder { folder in
      let precious = folder.appendingPathComponent("out/precious.txt")
      try FileManager.default.createDirectory(
        at: precious.deletingLastPathComponent(), withIntermediateDirectories: false)
      try Data("keep me".utf8).write(to: precious)
      let run = try CommandRun("assess", CommandRun.sample, "--output", "out", in: folder)
      #expect(run.status == 3)
      #expect(try String(contentsOf: precious, encoding: .utf8) == "keep me")
      #expect(try CommandRun.names(in: folder) == ["out"])
    }
  }

  @Test func importWritesGraphAndLedger() throws {
    try CommandRun.inFolder { folder in
      let drawing = CommandRun.root.appendingPathComponent(
        "samples/handheld-terminal/handheld-terminal.drawio")
      let run = try CommandRun("import", drawing.path, "--output", "imported", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("the ledger reconciles"))
      #expect(run.errors.contains("import.drawio.dangling-edge"))
      #expect(
        try CommandRun.names(in: folder.appendingPathComponent("imported"))
          == ["graph.json", "ledger.json"])
      let bad = folder.appendingPathComponent("bad.drawio")
      try Data("<mxfile><diagram>".utf8).write(to: bad)
      let refused = try CommandRun("import", "bad.drawio", "--output", "other", in: folder)
      #expect(refused.status == 2)
      #expect(refused.errors.contains("bad.drawio:1:"))
      #expect(try CommandRun.names(in: folder) == ["bad.drawio", "imported"])
    }
  }

  @Test func argumentsAreChecked() throws {
    try CommandRun.inFolder { folder in
      #expect(try CommandRun("--version", in: folder).output == "0.1.0\n")
      let help = try CommandRun("assess", "--help", in: folder)
      #expect(help.status == 0)
      #expect(help.output.contains("EXAMPLES"))
      for arguments in [["assess"], ["assess", "x", "--jobs", "0"], ["nonsense"]] {
        let run = try CommandRun(arguments, in: folder)
        #expect(run.status == 2, "\(arguments)")
        #expect(!run.errors.isEmpty)
      }
      let missing = try CommandRun("assess", "nowhere.yaml", in: folder)
      #expect(missing.status == 2)
      #expect(missing.errors.contains("nowhere.yaml"))
    }
  }

  private func damage(_ file: URL, _ old: String, _ new: String) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains(old))
    try text.replacingOccurrences(of: old, with: new).write(
      to: file, atomically: true, encoding: .utf8)
  }
}

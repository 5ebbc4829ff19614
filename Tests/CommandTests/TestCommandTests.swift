import Foundation
import Testing

/// `bartizan test` from the outside: files, exit codes, messages, and a run that goes on.
@Suite(.serialized) struct TestCommandTests {
  private static let folder = CommandRun.root.appendingPathComponent("models/gauge-reader")
  private static let model = folder.appendingPathComponent("model.onnx").path
  private static let plan = folder.appendingPathComponent("test-plan.yaml").path

  /// A quick test of the gauge reader with few samples.
  private static func arguments(plan: String = plan, _ more: String...) -> [String] {
    ["test", model, "--plan", plan, "--profile", "quick", "--samples", "6"] + more
  }

  /// Every file below a folder with its bytes.
  private static func contents(of folder: URL) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      contents[name] = FileManager.default.contents(
        atPath: folder.appendingPathComponent(name).path)
    }
    return contents
  }

  /// A plan for the gauge reader with one attacker and a limit for it, beside a copy of the data.
  private static func write(budget: Double, largestRate: Double, in folder: URL) throws {
    let data = folder.appendingPathComponent("eval.npz")
    if !FileManager.default.fileExists(atPath: data.path) {
      try FileManager.default.copyItem(at: Self.folder.appendingPathComponent("eval.npz"), to: data)
    }
    let text = """
      format: 1
      title: One attacker with a limit
      model: {task: classification}
      input:
        tensor: image
        channels: [{name: light, unit: grey level, range: [0, 16], least_significant_bit: 0.0625}]
      data: {file: eval.npz, inputs: images, labels: labels, sample: {size: 6}}
      attackers:
        - front: network
          budgets: [\(budget)]
          chosen: \(budget)
          reason: A test.
          acceptance: {largest_rate: \(largestRate), reason: A test.}
      """
    try Data(text.utf8).write(to: folder.appendingPathComponent("plan.yaml"))
  }

  @Test func aDryRunPrintsThePlanAndWritesNothing() throws {
    try CommandRun.inFolder { folder in
      let dry = try CommandRun(Self.arguments("--dry-run"), in: folder)
      #expect(dry.status == 0, "\(dry.errors)")
      #expect(try CommandRun.names(in: folder).isEmpty)
      let lines = dry.output.split(separator: "\n")
      let digest = try #require(lines.last)
      #expect(digest.wholeMatch(of: /plan sha256:[0-9a-f]{64}/) != nil, "\(digest)")
      #expect(
        (try? JSONSerialization.jsonObject(with: Data(lines.dropLast().joined().utf8))) != nil)
      let other = try CommandRun(Self.arguments("--dry-run", "--seed", "2"), in: folder)
      #expect(other.status == 0 && !other.output.contains(digest))
    }
  }

  @Test func jobsAndJournalsChangeNoByte() throws {
    try CommandRun.inFolder { folder in
      let alone = try CommandRun(Self.arguments("--output", "a", "--jobs", "1"), in: folder)
      #expect(alone.status == 0, "\(alone.errors)")
      let together = try CommandRun(Self.arguments("--output", "b", "--jobs", "3"), in: folder)
      #expect(alone.output.contains("result in a/"))
      #expect(together.output.replacingOccurrences(of: "b/", with: "a/") == alone.output)
      // The journal of another run, a line that says nothing, and one that was cut off.
      let journal = "other/part/0\t{}\nnonsense\nother/part/1\t{\"cut\":"
      try Data(journal.utf8).write(to: folder.appendingPathComponent(".c.journal"))
      let resumed = try CommandRun(Self.arguments("--output", "c"), in: folder)
      #expect(resumed.status == 0 && resumed.errors.contains("a journal of 1 finished parts"))
      #expect(try CommandRun.names(in: folder) == ["a", "b", "c"])
      let runs = try ["a", "b", "c"].map {
        try Self.contents(of: folder.appendingPathComponent($0))
      }
      #expect(runs[0] == runs[1] && runs[0] == runs[2])
      #expect(
        Set(["plan.json", "test-result.json", "samples/sensor.jsonl", "samples/network.jsonl"])
          .isSubset(of: runs[0].keys), "\(runs[0].keys.sorted())")
    }
  }

  @Test(arguments: [(0.25, 0.99, 0), (8.0, 0.01, 1), (0.25, 0.3, 4)])
  func theLimitOfThePlanDecidesTheExitCode(
    _ budget: Double, _ largestRate: Double, _ status: Int32
  ) throws {
    try CommandRun.inFolder { folder in
      try Self.write(budget: budget, largestRate: largestRate, in: folder)
      let run = try CommandRun(Self.arguments(plan: "plan.yaml"), in: folder)
      #expect(run.status == status, "\(run.output)\(run.errors)")
      #expect(try CommandRun.names(in: folder) == ["eval.npz", "plan.yaml", "test-result"])
    }
  }

  @Test func badInputIsLocatedAndNothingIsWritten() throws {
    try CommandRun.inFolder { folder in
      try Self.write(budget: 1, largestRate: 0.5, in: folder)
      let plan = folder.appendingPathComponent("plan.yaml")
      let good = try String(contentsOf: plan, encoding: .utf8)
      let faults = [
        ("front: network", "front: roof", "plan.yaml:9:"),
        ("reason: A test.\n", "reasons: A test.\n", "plan.yaml:"),
        ("chosen: 1.0", "chosen: 2", "plan.yaml:11:"),
        ("inputs: images", "inputs: pictures", "pictures"),
        ("file: eval.npz", "file: ../eval.npz", "plan.yaml:7:"), ("format: 1", "format: 9", ":1:"),
      ]
      for (text, wrong, located) in faults {
        #expect(good.contains(text), "\(text)")
        try Data(good.replacingOccurrences(of: text, with: wrong).utf8).write(to: plan)
        let run = try CommandRun(Self.arguments(plan: "plan.yaml"), in: folder)
        #expect(run.status == 2 && run.errors.contains(located), "\(wrong): \(run.errors)")
        #expect(try CommandRun.names(in: folder) == ["eval.npz", "plan.yaml"])
      }
      try Data(good.utf8).write(to: plan)
      let mine = folder.appendingPathComponent("mine")
      try FileManager.default.createDirectory(at: mine, withIntermediateDirectories: true)
      try Data("kept".utf8).write(to: mine.appendingPathComponent("thesis.txt"))
      let foreign = try CommandRun(
        Self.arguments(plan: "plan.yaml", "--output", "mine"), in: folder)
      #expect(foreign.status == 2 || foreign.status == 3, "\(foreign.errors)")
      #expect(try CommandRun.names(in: mine) == ["thesis.txt"])
    }
  }
}

import Foundation
import Testing

/// `bartizan certify` from the outside: verdicts, exit codes, files.
@Suite(.serialized) struct CertifyCommandTests {
  private static let model = CommandRun.root
    .appendingPathComponent("models/gauge-reader/model.onnx").path

  /// Images within `radius` of a grey one, and an assertion.
  private static func write(
    _ assertion: String, radius: Double, named name: String, in folder: URL
  ) throws {
    var text = "; a property of the gauge reader\n"
    for input in 0..<64 {
      text += "(declare-const X_\(input) Real)\n(assert (<= X_\(input) \(8 + radius)))\n"
      text += "(assert (>= X_\(input) \(8 - radius)))\n"
    }
    for output in 0..<10 { text += "(declare-const Y_\(output) Real)\n" }
    try Data((text + assertion + "\n").utf8).write(to: folder.appendingPathComponent(name))
  }

  @Test func theThreeVerdictsHaveTheirExitCodes() throws {
    try CommandRun.inFolder { folder in
      try Self.write("(assert (>= Y_0 1000000))", radius: 0.0625, named: "far.vnnlib", in: folder)
      let proved = try CommandRun("certify", Self.model, "far.vnnlib", in: folder)
      #expect(proved.status == 0, "\(proved.errors)")
      #expect(proved.output.contains("verdict          proved"))
      #expect(proved.output.contains("Float sums in any order"))
      try Self.write("(assert (<= Y_0 1000000))", radius: 0.0625, named: "near.vnnlib", in: folder)
      let refuted = try CommandRun(
        "certify", Self.model, "near.vnnlib", "--witness", "found.txt", in: folder)
      #expect(refuted.status == 1 && refuted.output.contains("refuted"), "\(refuted.errors)")
      let witness = try String(
        contentsOf: folder.appendingPathComponent("found.txt"), encoding: .utf8)
      #expect(witness.hasPrefix("((X_0 ") && witness.hasSuffix("))\n"))
      #expect(witness.split(separator: "\n").count == 74)
      try Self.write("(assert (>= Y_0 1000))", radius: 8, named: "open.vnnlib", in: folder)
      let open = try CommandRun(
        "certify", Self.model, "open.vnnlib", "--timeout", "0.000001", in: folder)
      #expect(open.status == 4 && open.output.contains("still open"), "\(open.output)")
    }
  }

  /// What the README shows.
  @Test func theBundledPropertyIsProved() throws {
    let property = CommandRun.root.appendingPathComponent("models/gauge-reader/first-crop.vnnlib")
    try CommandRun.inFolder { folder in
      let proved = try CommandRun("certify", Self.model, property.path, in: folder)
      #expect(proved.status == 0 && proved.output.contains("proved: no input"), "\(proved.output)")
    }
  }

  @Test func jobsChangeNoByteOfASettledProperty() throws {
    try CommandRun.inFolder { folder in
      try Self.write("(assert (>= Y_0 1000000))", radius: 1, named: "p.vnnlib", in: folder)
      let runs = try ["1", "2"].map {
        try CommandRun("certify", Self.model, "p.vnnlib", "--json", "--jobs", $0, in: folder)
      }
      #expect(runs[0].output == runs[1].output && runs[0].status == runs[1].status)
      let object =
        try JSONSerialization.jsonObject(with: Data(runs[0].output.utf8)) as? [String: Any]
      #expect(object?["verdict"] as? String == "proved")
      #expect((object?["model"] as? [String: Any])?["sha256"] as? String != nil)
    }
  }

  @Test func listsAreCheckedLineByLine() throws {
    try CommandRun.inFolder { folder in
      try FileManager.default.copyItem(
        at: URL(fileURLWithPath: Self.model), to: folder.appendingPathComponent("model.onnx"))
      try Self.write("(assert (>= Y_0 1000000))", radius: 0.0625, named: "far.vnnlib", in: folder)
      try Self.write("(assert (<= Y_0 1000000))", radius: 0.0625, named: "near.vnnlib", in: folder)
      func list(_ text: String) throws -> CommandRun {
        try Data(text.utf8).write(to: folder.appendingPathComponent("list.csv"))
        return try CommandRun("certify", "--instances", "list.csv", in: folder)
      }
      let plain = try list("model.onnx,far.vnnlib,30\nmodel.onnx,near.vnnlib\n")
      #expect(plain.status == 1 && plain.output.contains("1 proved, 1 refuted, 0 open"))
      let known = try list(
        "onnx\tvnnlib\tconsensus\nmodel.onnx\tfar.vnnlib\tunsat\nmodel.onnx\tnear.vnnlib\tsat\n")
      #expect(known.status == 0 && known.output.contains("0 not as expected"), "\(known.output)")
      let wrong = try list("onnx\tvnnlib\tconsensus\nmodel.onnx\tfar.vnnlib\tsat\n")
      #expect(wrong.status == 1 && wrong.output.contains("NOT AS EXPECTED"))
      let broken = try list("model.onnx\n")
      #expect(broken.status == 2 && broken.errors.contains("list.csv:1"), "\(broken.errors)")
    }
  }

  @Test func badInputIsLocated() throws {
    try CommandRun.inFolder { folder in
      try Self.write("(assert (>= Y_9 Z))", radius: 1, named: "p.vnnlib", in: folder)
      let undeclared = try CommandRun("certify", Self.model, "p.vnnlib", in: folder)
      #expect(undeclared.status == 2 && undeclared.errors.contains("p.vnnlib:204:17"))
      #expect(undeclared.errors.contains("[vnnlib.number]"), "\(undeclared.errors)")
      let missing = try CommandRun("certify", Self.model, "none.vnnlib", in: folder)
      #expect(missing.status == 2 && missing.errors.contains("[input.file.missing]"))
      let neither = try CommandRun("certify", in: folder)
      #expect(neither.status == 2 && neither.errors.contains("--instances"))
    }
  }

  /// How near a snapshot of the bundled detector the other class lies, at two numbers of jobs.
  @Test func theNearestExampleIsBracketed() throws {
    let folder = CommandRun.root.appendingPathComponent("models/grid-guard")
    let (model, readings) = (
      folder.appendingPathComponent("model.onnx").path,
      folder.appendingPathComponent("eval.npz").path
    )
    let arguments = [
      "certify", model, "--nearest", readings, "--range=-1000,1000", "--exact", "--json",
    ]
    try CommandRun.inFolder { folder in
      let runs = try ["1", "2"].map {
        try CommandRun(arguments + ["--jobs", $0], in: folder)
      }
      #expect(runs[0].status == 0, "\(runs[0].output) \(runs[0].errors)")
      #expect(runs[0].output == runs[1].output)
      let object =
        try JSONSerialization.jsonObject(with: Data(runs[0].output.utf8)) as? [String: Any]
      let target = try #require((object?["classes"] as? [[String: Any]])?.first)
      let lower = try #require((target["lower"] as? String).flatMap(Double.init))
      let upper = try #require((target["upper"] as? String).flatMap(Double.init))
      #expect(0 < lower && lower <= upper && upper <= lower * 1.001)
      #expect((target["example"] as? [String])?.count == 82)
      let wrong = try CommandRun(arguments + ["--target", "2"], in: folder)
      #expect(wrong.status == 2 && wrong.errors.contains("[distortion.malformed]"))
      let missing = try CommandRun("certify", model, "--nearest", readings, in: folder)
      #expect(missing.status == 2 && missing.errors.contains("--range"))
      let images = CommandRun.root.appendingPathComponent("models/gauge-reader/eval.npz").path
      let large = try CommandRun(
        "certify", Self.model, "--nearest", images, "--array", "images", "--range", "0,16",
        "--target", "1", in: folder)
      #expect(large.status == 2 && large.errors.contains("model.onnx: error: the linear programs"))
    }
  }
}

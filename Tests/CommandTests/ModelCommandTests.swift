import Foundation
import Testing

/// `bartizan model` from the outside: files, exit codes, messages.
@Suite(.serialized) struct ModelCommandTests {
  private static let gaugeReader = CommandRun.root
    .appendingPathComponent("models/gauge-reader/model.onnx").path

  @Test func aModelIsInspected() throws {
    try CommandRun.inFolder { folder in
      let run = try CommandRun("model", "inspect", Self.gaugeReader, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      for words in [
        "input            image: float [batch, 1, 8, 8]", "operator         Conv × 2",
        "operator sets    ai.onnx 17", "can be differentiated    yes", "SHA-256",
      ] { #expect(run.output.contains(words), "\(words) is not in\n\(run.output)") }
      let json = try CommandRun("model", "inspect", Self.gaugeReader, "--json", in: folder)
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(object?["parameters"] as? Int == 3_819)
      #expect((object?["operators"] as? [Any])?.count == 6)
    }
  }

  @Test func integersAndTreesAreCounted() throws {
    try CommandRun.inFolder { folder in
      let seeds = CommandRun.root.appendingPathComponent("Fuzzing/Seeds")
      func inspected(_ name: String) throws -> String {
        let path = seeds.appendingPathComponent(name).path
        let run = try CommandRun("model", "inspect", path, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        return run.output
      }
      let trees = try inspected("scikit-decision-tree.onnx")
      #expect(trees.contains("trees            1\n") && trees.contains("tree nodes       "))
      let integers = try inspected("quantised-integer-convolution.onnx")
      #expect(integers.contains("integer weights  45\n"), "\(integers)")
      let vectors = try inspected("scikit-support-vectors-of-two-classes.onnx")
      #expect(vectors.contains("support vectors  "))
    }
  }

  @Test func aModelRunsOnTheReferenceFillAndOnItsOwnData() throws {
    try CommandRun.inFolder { folder in
      let run = try CommandRun(
        "model", "run", Self.gaugeReader, "--fill", "reference", "--json", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      let output = (object?["outputs"] as? [[String: Any]])?.first
      #expect(output?["name"] as? String == "digit_logits")
      #expect(output?["shape"] as? [Int] == [1, 10])
      #expect((output?["values"] as? [Double])?.count == 10)
      let larger = try CommandRun(
        "model", "run", Self.gaugeReader, "--fill", "reference", "--shape", "image=3,1,8,8",
        in: folder)
      #expect(larger.output.contains("[3, 10]"), "\(larger.output) \(larger.errors)")
      #expect(
        try CommandRun(
          "model", "run", Self.gaugeReader, "--fill", "reference", "--json", in: folder
        ).output == run.output)
    }
  }

  @Test func badInputIsLocatedAndEndsWithTwo() throws {
    try CommandRun.inFolder { folder in
      try Data([1, 2, 3]).write(to: folder.appendingPathComponent("noise.onnx"))
      for command in ["inspect", "run"] {
        let fill = command == "run" ? ["--fill", "reference"] : []
        let noise = try CommandRun(["model", command, "noise.onnx"] + fill, in: folder)
        #expect(noise.status == 2 && noise.errors.contains("noise.onnx"), "\(noise.errors)")
        let missing = try CommandRun(["model", command, "none.onnx"] + fill, in: folder)
        #expect(missing.status == 2 && missing.errors.contains("[input.file.missing]"))
      }
      let shape = try CommandRun(
        "model", "run", Self.gaugeReader, "--fill", "reference", "--shape", "image=1,1,9,8",
        in: folder)
      #expect(shape.status == 2 && shape.errors.contains("[model.input.shape]"), "\(shape.errors)")
      let neither = try CommandRun("model", "run", Self.gaugeReader, in: folder)
      #expect(neither.status == 2 && neither.errors.contains("--inputs"))
      let data = CommandRun.root.appendingPathComponent("models/gauge-reader/eval.npz").path
      let wrong = try CommandRun("model", "run", Self.gaugeReader, "--inputs", data, in: folder)
      #expect(wrong.status == 2 && wrong.errors.contains("[numpy.array.missing]"))
    }
  }
}

import Foundation
import Testing

/// `bartizan language` from the outside: files, exit codes, messages.
@Suite(.serialized) struct LanguageCommandTests {
  private static let source = """
    #id: "org.example.plant"
    #version: "1.0.0"
    include "parts/more.mal"
    category Plant { asset Pump { | touch -> stop | stop -> tanks.spill } }
    associations {
      Pump [pumps] * <-- Fills --> * [tanks] Tank
    }
    """
  private static let part = "category Plant { asset Tank { | spill } }\n"

  private func write(_ text: String, _ name: String, in folder: URL) throws {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private func bytes(_ name: String, in folder: URL) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(name))
  }

  @Test func aLanguageIsCheckedWithWhatItIncludes() throws {
    try CommandRun.inFolder { folder in
      try write(Self.source, "plant.mal", in: folder)
      let missing = try CommandRun("language", "check", "plant.mal", in: folder)
      #expect(missing.status == 2)
      #expect(missing.errors.contains("plant.mal:3:9: error"), "\(missing.errors)")
      #expect(missing.errors.contains("[input.file.missing]"))

      try write(Self.part, "parts/more.mal", in: folder)
      let run = try CommandRun("language", "check", "plant.mal", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(
        run.output
          == "org.example.plant 1.0.0: 2 assets, 3 steps, 1 associations; no errors\n")
      #expect(run.errors.contains("[mal.step.no-lead]"))
    }
  }

  @Test func errorsHavePlacesAndNothingIsWritten() throws {
    try CommandRun.inFolder { folder in
      try write(
        "#id: \"x\"\n#version: \"1.0.0\"\ncategory C {\n asset A {\n  | s -> tt\n  | t [Fast]\n }\n}\n",
        "wrong.mal", in: folder)
      for command in [
        ["check"], ["compile", "--output", "out.json"], ["compile", "--output", "out.mar"],
        ["document", "--output", "out.html"],
      ] {
        let run = try CommandRun(["language"] + command + ["wrong.mal"], in: folder)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("wrong.mal:5:10: error"), "\(run.errors)")
        #expect(run.errors.contains("did you mean `t`?"))
        #expect(run.errors.contains("wrong.mal:6:8: error"))
        #expect(try CommandRun.names(in: folder) == ["wrong.mal"])
      }
      let name = try CommandRun(
        "language", "compile", "wrong.mal", "--output", "out.txt", in: folder)
      #expect(name.status == 2)
      let absent = try CommandRun("language", "check", "absent.mal", in: folder)
      #expect(absent.status == 2)
      #expect(absent.errors.contains("[input.file.missing]"))
    }
  }

  @Test func everyFormCompilesToTheSameSpecification() throws {
    try CommandRun.inFolder { folder in
      try write(Self.source, "plant.mal", in: folder)
      try write(Self.part, "parts/more.mal", in: folder)
      for (input, output) in [
        ("plant.mal", "a.json"), ("plant.mal", "a.mar"), ("a.mar", "b.json"), ("a.json", "b.mar"),
        ("b.mar", "c.json"),
      ] {
        let run = try CommandRun("language", "compile", input, "--output", output, in: folder)
        #expect(run.status == 0, "\(run.errors)")
      }
      let json = try bytes("a.json", in: folder)
      #expect(try bytes("b.json", in: folder) == json)
      #expect(try bytes("c.json", in: folder) == json)
      #expect(try bytes("a.mar", in: folder) == bytes("b.mar", in: folder))
      let value = try #require(
        JSONSerialization.jsonObject(with: json) as? [String: Any])
      #expect((value["assets"] as? [Any])?.count == 2)
    }
  }

  @Test func theBundledLanguageIsDocumentedAndWithoutWarnings() throws {
    try CommandRun.inFolder { folder in
      let check = try CommandRun("language", "check", in: folder)
      #expect(check.status == 0)
      #expect(check.errors.isEmpty, "\(check.errors)")
      let run = try CommandRun("language", "document", "--output", "page.html", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let page = try String(contentsOf: folder.appendingPathComponent("page.html"), encoding: .utf8)
      #expect(page.hasPrefix("<!DOCTYPE html>"))
      #expect(page.contains("Industrial/box/elements.mal"))
    }
  }

  @Test func helpHasExamples() throws {
    try CommandRun.inFolder { folder in
      for command in ["check", "compile", "document"] {
        let run = try CommandRun("language", command, "--help", in: folder)
        #expect(run.status == 0)
        #expect(run.output.contains("EXAMPLES"))
        #expect(run.output.contains("bartizan language \(command)"))
      }
    }
  }
}

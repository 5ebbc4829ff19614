import Foundation
import Testing

/// What the command says when the programs it runs are missing or go wrong: exit code 3, and nothing written.
@Suite(.serialized) struct ExternalProgramTests {
  /// A program of this name in the folder `bin`, as a shell script.
  private static func write(_ script: String, as name: String, in folder: URL) throws {
    let bin = folder.appendingPathComponent("bin")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    let program = bin.appendingPathComponent(name)
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
  }

  private static let assess = [
    "assess", CommandRun.sample, "--output", "report", "--profile", "quick", "--samples", "1",
  ]
  private static let harden = [
    "graph", "harden", "loss-of-control", "--product", CommandRun.sample,
  ]

  /// Runs with a path on which there is only this program, or none.
  private static func run(
    _ arguments: [String], with script: String?, as name: String
  ) throws -> CommandRun {
    var result: CommandRun?
    try CommandRun.inFolder { folder in
      let bin = folder.appendingPathComponent("bin")
      try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
      if let script { try write(script, as: name, in: folder) }
      let run = try CommandRun(arguments, in: folder, path: bin.path)
      #expect(try CommandRun.names(in: folder) == ["bin"])
      result = run
    }
    return try #require(result)
  }

  @Test func aMissingProgramIsNamed() throws {
    let layout = try Self.run(Self.assess, with: nil, as: "dot")
    #expect(layout.status == 3 && layout.errors.contains("Graphviz is not installed"))
    let solver = try Self.run(Self.harden, with: nil, as: "clasp")
    #expect(solver.status == 3 && solver.errors.contains("clasp is not installed"))
  }

  /// A program that ends without reading leaves a broken pipe behind.
  @Test func aProgramThatDoesNotReadIsSurvived() throws {
    let layout = try Self.run(Self.assess, with: "exit 7", as: "dot")
    #expect(layout.status == 3 && layout.errors.contains("dot ended with status 7"))
    let solver = try Self.run(Self.harden, with: "exec 0<&-; exit 1", as: "clasp")
    #expect(solver.status == 3, "\(solver.status): \(solver.errors)")
  }

  @Test func aProgramThatIsKilledIsReported() throws {
    let layout = try Self.run(Self.assess, with: "kill -9 $$", as: "dot")
    #expect(
      layout.status == 3 && layout.errors.contains("ended before it answered"), "\(layout.errors)")
    let solver = try Self.run(Self.harden, with: "kill -9 $$", as: "clasp")
    #expect(solver.status == 3 && solver.errors.contains("clasp was ended before it answered"))
  }
}

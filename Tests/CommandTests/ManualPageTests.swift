import Foundation
import Testing

/// Pages of the manual that a command prints are what it prints.
@Suite struct ManualPageTests {
  @Test(arguments: [("coverage", "Coverage.md"), ("binding", "Binding.md")])
  func theCommittedPageIsWhatTheCommandPrints(_ command: String, _ page: String) throws {
    try CommandRun.inFolder { folder in
      let run = try CommandRun("knowledge", command, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let committed = try String(
        contentsOf: CommandRun.root.appendingPathComponent(
          "Sources/bartizan/Manual.docc/\(page)"), encoding: .utf8)
      #expect(
        run.output == committed,
        "run: bartizan knowledge \(command) > Sources/bartizan/Manual.docc/\(page)")
    }
  }
}

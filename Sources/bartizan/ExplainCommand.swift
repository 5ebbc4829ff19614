import ArgumentParser
import EngineSupport
import Foundation
import Provenance

/// `bartizan explain`: walks one finding of a report back to the bytes, and re-computes the root on the way.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show what one finding rests on: cells, rules, test runs, claims, hashes.",
    discussion: """
      Reads threat-model.json and evidence.jsonl of a report, recomputes the Merkle root over all evidence, and
      prints the finding's steps and every record behind it.

      EXAMPLES
        bartizan explain unsafe-set-point/sensor --report report
        bartizan explain gauge-reader/evadeBySensor
      """)

  @Argument(help: ArgumentHelp("The finding's id, as the report prints it.", valueName: "FINDING"))
  var finding: String

  @Option(name: [.short, .long], help: ArgumentHelp("A report's directory.", valueName: "DIR"))
  var report = "report"

  func run() throws {
    try Terminal.reportingFailures {
      let model = try FileAccess.read(
        report + "/threat-model.json", as: report + "/threat-model.json",
        limit: ProductLimits.file)
      let evidence = try FileAccess.read(
        report + "/evidence.jsonl", as: report + "/evidence.jsonl", limit: ProductLimits.file)
      for line in try Explanation(of: finding, in: model, evidence: evidence).lines {
        Terminal.say(line)
      }
    }
  }
}

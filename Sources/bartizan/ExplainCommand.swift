import ArgumentParser
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Foundation
import Provenance
import ThreatLanguage

/// `bartizan explain`: walks one finding of a report back to the bytes and recomputes the root on the way, or
/// says why a step of an attack graph is reachable.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show what a finding rests on, or why a step of an attack graph is reachable.",
    discussion: """
      A finding is looked up in a report's threat-model.json and evidence.jsonl: the Merkle root over all
      evidence is recomputed, and the finding's steps and every record behind it are printed.

      A step, written asset:step, is explained by the most probable way to it: each step with the line of the
      language and the drawn cell behind it.

      EXAMPLES
        bartizan explain unsafe-set-point/sensor --report report
        bartizan explain "Dosing pump:unsafeSetPoint" --product bartizan.yaml --report report
        bartizan explain "OS App:read" --language coreLang.mar --model plant.yml --entry "OS App:networkConnect"
      """)

  @Argument(
    help: ArgumentHelp("A finding's id, or with a graph a step.", valueName: "FINDING|STEP"))
  var subject: String

  @OptionGroup var input: GraphInput

  func run() throws {
    try Terminal.reportingFailures {
      for line in try input.isGiven ? stepLines() : findingLines() { Terminal.say(line) }
    }
  }

  private func findingLines() throws -> [String] {
    let report = input.report ?? "report"
    let model = try FileAccess.read(
      report + "/threat-model.json", as: report + "/threat-model.json", limit: ProductLimits.file)
    let evidence = try FileAccess.read(
      report + "/evidence.jsonl", as: report + "/evidence.jsonl", limit: ProductLimits.file)
    return try Explanation(of: subject, in: model, evidence: evidence).lines
  }

  private func stepLines() throws -> [String] {
    let questioned = try input.load()
    return StepExplanation(of: try questioned.step(subject), in: questioned).lines
  }
}

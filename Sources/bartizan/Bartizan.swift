import ArgumentParser
import AssessmentPipeline
import Foundation

/// The command `bartizan`: parses arguments, runs one command, and turns every outcome into an exit code.
@main
struct Bartizan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bartizan",
    abstract:
      "Threat models of industrial products with machine learning inside, with measured evidence.",
    discussion: """
      EXAMPLES
        bartizan assess samples/handheld-terminal/bartizan.yaml --output report
        bartizan test model.onnx --plan test-plan.yaml
        bartizan import plant.drawio --output imported
        bartizan explain unsafe-set-point/sensor --report report
        bartizan why-not "Dosing pump:unsafeSetPoint" --product bartizan.yaml
        bartizan what-if --product bartizan.yaml --enable "Gateway:patched"
        bartizan graph generate --language coreLang.mar --model plant.yml --output graph.json
        bartizan graph harden --product bartizan.yaml --budget 3
        bartizan instance convert old.json --language coreLang.mar --output plant.yml
        bartizan language check plant.mal
        bartizan knowledge show T0855
        bartizan model inspect model.onnx
        bartizan certify model.onnx property.vnnlib

      EXIT CODES
        0  done, no finding at or over the gate
        1  done, a finding at or over --fail-on
        2  bad input: a located error says what and where; nothing is written
        3  the world failed: a file could not be read or written, or a tool is missing
        4  a property was neither proved nor refuted (certify), or a plan's limit stays open (test)
      """,
    version: EngineVersion.text,
    subcommands: [
      AssessCommand.self, TestCommand.self, CertifyCommand.self, ImportCommand.self,
      ExplainCommand.self, WhyNotCommand.self, WhatIfCommand.self, GraphCommand.self,
      InstanceCommand.self, LanguageCommand.self,
      KnowledgeCommand.self, ModelCommand.self,
    ])

  static func main() {
    let status: ExitStatus
    do {
      var command = try parseAsRoot()
      try command.run()
      status = .clean
    } catch let outcome as ExitStatus {
      status = outcome
    } catch {
      status = report(error)
    }
    Foundation.exit(status.rawValue)
  }

  /// Help and version go to standard output with code 0; wrong arguments are bad input.
  private static func report(_ error: any Error) -> ExitStatus {
    let text = fullMessage(for: error)
    if exitCode(for: error) == .success {
      print(text)
      return .clean
    }
    Terminal.complain(text)
    return .badInput
  }
}

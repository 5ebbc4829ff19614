import ArgumentParser
import AssessmentPipeline
import EngineSupport
import Foundation
import ModelTesting
import Reporting

/// `bartizan assess`: one product file to a directory with report, data and evidence.
struct AssessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assess",
    abstract: "Assess a product: diagrams, models and sensors in, an auditable threat model out.",
    discussion: """
      Reads the product file and everything it names, tests the models within the sensor's physical limits,
      and writes DIR whole or not at all. The same inputs and seed give the same bytes at any --jobs. An interrupted
      run leaves a journal beside DIR, from which the same command goes on.

      EXAMPLES
        bartizan assess samples/handheld-terminal/bartizan.yaml
        bartizan assess bartizan.yaml --output report --jobs 2 --fail-on critical
        bartizan assess bartizan.yaml --profile quick     a look within a minute: few samples, short attacks
      """)

  @Argument(help: ArgumentHelp("The product file.", valueName: "PRODUCT.yaml"))
  var productPath: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Directory to write; replaced if it is an earlier report.", valueName: "DIR")
  )
  var output = "report"

  @Option(help: ArgumentHelp("Threads at most; never changes a result.", valueName: "N"))
  var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: ArgumentHelp("Seed of every random stream.", valueName: "N"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "How much effort the tests of models take.",
      valueName: TestProfile.allCases.map(\.rawValue).joined(separator: "|")))
  var profile: TestProfile = .standard

  @Option(
    help: ArgumentHelp("Test at most N of the samples that a test plan draws.", valueName: "N"))
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "Exit with 1 if a finding is this severe or more.",
      valueName: Finding.Severity.allCases.map(\.rawValue).joined(separator: "|")),
    transform: Self.severity)
  var failOn: Finding.Severity?

  private static func severity(_ text: String) throws -> Finding.Severity {
    guard let severity = Finding.Severity(rawValue: text) else {
      throw ValidationError("\"\(text)\" is not a severity")
    }
    return severity
  }

  func validate() throws {
    guard (1...256).contains(jobs) else { throw ValidationError("--jobs is from 1 to 256") }
    if let samples, samples < 1 { throw ValidationError("--samples is at least 1") }
  }

  func run() throws {
    try Terminal.reportingFailures {
      let directory = OutputDirectory(path: output, marker: "threat-model.json")
      try directory.checkReplaceable()
      let layout = GraphvizLayout()
      _ = try layout.place("digraph {}")  // A missing `dot` is said before the long tests.
      let progress = ProgressLine()
      defer { progress.finish() }
      let journal = try FileJournal(besideOutput: output)
      if journal.count > 0 {
        Terminal.complain("going on from a journal of \(journal.count) finished parts")
      }
      let result = try assess(progress, journal)
      let files = try Reporters.all(layout: layout).flatMap { try $0.render(result) }
      try directory.write(files.map { ($0.name, $0.bytes) })
      try journal.remove()
      progress.finish()
      Terminal.show(result.diagnostics)
      summarise(result)
      if let failOn, result.findings.contains(where: { $0.severity >= failOn }) {
        throw ExitStatus.gateHit
      }
    }
  }

  private func assess(_ progress: ProgressLine, _ journal: FileJournal) throws -> AssessmentResult {
    let assessment = try ProductInput(path: productPath).assessment(
      AssessmentOptions(
        jobs: jobs, seed: seed, profile: profile, journal: journal, sampleLimit: samples,
        solver: ClaspSolver()))
    return try assessment.run { progress.update($0) }
  }

  private func summarise(_ result: AssessmentResult) {
    let counts = Finding.Severity.allCases.reversed().compactMap { severity -> String? in
      let count = result.findings.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(severity.rawValue)"
    }
    Terminal.say(
      "\(result.product.product.name) \(result.product.product.version): "
        + "\(result.findings.count) findings (\(counts.joined(separator: ", ")))")
    for finding in result.findings where finding.kind == .attackPath {
      let probability = finding.attack?.paths.first.map {
        DecimalText.fixed($0.probability, digits: 4)
      }
      Terminal.say(
        "  \(finding.severity.rawValue)  \(finding.id)  \(probability ?? "")  \(finding.title)")
    }
    Terminal.say("evidence root \(result.root.hexadecimal)")
    Terminal.say("report in \(output)/report.html")
  }
}

import ArgumentParser
import AssessmentPipeline
import EngineSupport
import Foundation
import ModelTesting
import Reporting

/// `bartizan test`: one model against its test plan, to a directory with result, records and pictures.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract:
      "Test a model as its test plan says: attacks, sensor faults, certificates, self-checks.",
    discussion: """
      The plan says what the model's inputs are physically, who can change them and how far, and on which samples the
      model is tested. Plan, model and data are resolved and hashed before anything runs; --dry-run stops there.
      The same three give the same bytes on any machine and at any --jobs.

      An interrupted run leaves a journal beside DIR. The same command goes on where it stopped, and what it writes
      does not differ by a byte from a run that was never interrupted.

      EXAMPLES
        bartizan test models/leak-watch/model.onnx --plan models/leak-watch/test-plan.yaml --output leak-watch-test
        bartizan test model.onnx --plan test-plan.yaml --profile quick
        bartizan test model.onnx --plan test-plan.yaml --dry-run     the resolved plan and its digest

      EXIT CODES
        0  done; what the plan calls acceptable was shown, or the plan asks for nothing
        1  done; an attacker succeeds more often than the plan accepts, or a property of the plan is refuted
        2  bad input: a located error says what and where; nothing is written
        3  the world failed: a file could not be read or written
        4  done; the samples, the self-checks or the effort leave open whether the plan's limit or property holds
      """)

  @Argument(help: ArgumentHelp("The model (.onnx).", valueName: "MODEL"))
  var modelPath: String

  @Option(help: ArgumentHelp("The test plan; its files lie beside it.", valueName: "PLAN.yaml"))
  var plan: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Directory to write; replaced if it is an earlier result.", valueName: "DIR")
  )
  var output = "test-result"

  @Option(
    help: ArgumentHelp(
      "How much effort is taken.",
      valueName: TestProfile.allCases.map(\.rawValue).joined(separator: "|")))
  var profile: TestProfile = .standard

  @Option(help: ArgumentHelp("Threads at most; never changes a result.", valueName: "N"))
  var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: ArgumentHelp("Seed of every random stream; the plan's if not said.", valueName: "N"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Test at most N of the samples that the plan draws.", valueName: "N"))
  var samples: Int?

  @Flag(help: "Print the resolved plan and its digest, and run nothing.")
  var dryRun = false

  func validate() throws {
    guard (1...256).contains(jobs) else { throw ValidationError("--jobs is from 1 to 256") }
    if let samples, samples < 1 { throw ValidationError("--samples is at least 1") }
  }

  func run() throws {
    try Terminal.reportingFailures {
      let directory = OutputDirectory(path: output, marker: TestRunReport.marker)
      if !dryRun { try directory.checkReplaceable() }
      let input = try TestInput(model: modelPath, plan: plan)
      let run = try input.run(profile: profile, samples: samples, seed: seed)
      Terminal.show(input.diagnostics)
      if dryRun {
        Terminal.say(
          String(decoding: CanonicalJSON.indented(run.resolved).dropLast(), as: UTF8.self))
        Terminal.say("plan \(run.digest)")
        return
      }
      try test(run, input, to: directory)
    }
  }

  private func test(
    _ run: ModelTestRun, _ input: TestInput, to directory: OutputDirectory
  ) throws {
    Terminal.say("plan \(run.digest)")
    let journal = try FileJournal(besideOutput: output)
    if journal.count > 0 {
      Terminal.complain("going on from a journal of \(journal.count) finished parts")
    }
    let progress = ProgressLine()
    defer { progress.finish() }
    let result = try run.run(workers: OrderedConcurrency(width: jobs), journal: journal) {
      progress.update(AssessmentProgress(stage: "testing: \($0)", share: $1))
    }
    let report = TestRunReport(
      modelName: input.modelName, model: input.model, dataName: input.dataName, result: result)
    try directory.write(report.files().map { ($0.name, $0.bytes) })
    try journal.remove()
    progress.finish()
    for line in report.summary { Terminal.say(line) }
    Terminal.say("result in \(output)/\(TestRunReport.page)")
    switch result.acceptance {
    case .rejected: throw ExitStatus.gateHit
    case .undecided: throw ExitStatus.undecided
    case .accepted, nil: break
    }
  }
}

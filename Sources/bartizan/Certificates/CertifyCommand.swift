import ArgumentParser
import AssessmentPipeline
import EngineSupport
import Foundation
import ModelTesting
import NetworkVerification

/// `bartizan certify`: a property of a model proved, refuted with a replayed counter-example, or left open.
struct CertifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Prove or refute a VNN-LIB property of an ONNX model.",
    discussion: """
      The property file says what a violation is; "proved" means that no input in its boxes violates it, in exact
      arithmetic and in any Float engine that computes the file's operators one by one, whatever the order of its sums.
      A counter-example lies inside the box as Float values and was replayed in Float and in Double. The verdict does
      not depend on --jobs; with more time, an open property can become settled, never the reverse.

      EXAMPLES
        bartizan certify model.onnx property.vnnlib
        bartizan certify model.onnx property.vnnlib --timeout 300 --witness counter-example.txt
        bartizan certify model.onnx property.vnnlib --json
        bartizan certify --instances instances.csv --timeout 60 --jobs 2

      A list has a line "model,property" or "model,property,seconds" for each instance, or columns under the names
      onnx, vnnlib and, if expected verdicts are known, consensus (sat or unsat); paths count from the list's folder.

      EXIT CODES
        0  proved (with --instances: each one, or each as expected)
        1  refuted (with --instances: at least one, or one not as expected)
        2  bad input: a located error says what and where
        3  the world failed: a file could not be read or written
        4  neither proved nor refuted within the time
      """)

  @Argument(help: ArgumentHelp("The model (.onnx).", valueName: "MODEL"))
  var model: String?

  @Argument(help: ArgumentHelp("The property (VNN-LIB 1.0).", valueName: "PROPERTY"))
  var property: String?

  @Option(help: ArgumentHelp("Many instances instead of one.", valueName: "LIST"))
  var instances: String?

  @Option(help: ArgumentHelp("Time for each property.", valueName: "SECONDS"))
  var timeout = 60.0

  @Option(help: ArgumentHelp("Threads; the verdict does not depend on it.", valueName: "N"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: ArgumentHelp("Seed of the search for counter-examples.", valueName: "N"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Write a counter-example in VNN-COMP's form.", valueName: "FILE"))
  var witness: String?

  @Flag(help: "Print JSON instead of text.") var json = false

  func validate() throws {
    guard timeout > 0, timeout <= 1e6 else {
      throw ValidationError("--timeout is more than 0 and at most 1000000 seconds")
    }
    guard (1...256).contains(jobs) else { throw ValidationError("--jobs is from 1 to 256") }
    guard instances == nil ? model != nil && property != nil : model == nil && property == nil
    else {
      throw ValidationError("give either MODEL and PROPERTY or --instances LIST")
    }
    guard instances == nil || (witness == nil && !json) else {
      throw ValidationError("--witness and --json are for one property")
    }
  }

  func run() throws {
    try Terminal.reportingFailures {
      let checker = PropertyChecker(
        workers: OrderedConcurrency(width: jobs), seed: seed)
      if let instances {
        try checkAll(in: instances, with: checker)
      } else if let model, let property {
        try check(model, property, with: checker)
      }
    }
  }

  private func check(_ model: String, _ property: String, with checker: PropertyChecker) throws {
    let checked = try checker.check(model, property, seconds: timeout)
    if let witness, let found = checked.counterExample {
      try FileAccess.write(Array(found.text.utf8), to: witness)
    }
    if json {
      Terminal.say(
        String(decoding: CanonicalJSON.indented(checked.json).dropLast(), as: UTF8.self))
    } else {
      Terminal.say(checked.text)
    }
    let status = checked.status
    if status != .clean { throw status }
  }

  private func checkAll(in list: String, with checker: PropertyChecker) throws {
    let instances = try InstanceList(reading: try FileAccess.read(list, as: list, limit: 64 << 20))
    var counts: [ExitStatus: Int] = [:]
    var wrong = 0
    var total = 0.0
    for instance in instances.all {
      let checked = try checker.check(
        instance.model, instance.property, seconds: instance.seconds ?? timeout)
      total += checked.seconds
      let status = checked.status
      counts[status, default: 0] += 1
      let isWrong =
        instance.expected.map { status != .undecided && status != $0 } ?? false
      if isWrong { wrong += 1 }
      Terminal.say(checked.line + (isWrong ? "\tNOT AS EXPECTED" : ""))
    }
    let (proved, refuted) = (counts[.clean] ?? 0, counts[.gateHit] ?? 0)
    let open = counts[.undecided] ?? 0
    let knowsTruth = instances.all.contains { $0.expected != nil }
    Terminal.say(
      "\(instances.all.count) instances: \(proved) proved, \(refuted) refuted, \(open) open"
        + (knowsTruth ? ", \(wrong) not as expected" : "")
        + ", \(DecimalText.fixed(total, digits: 1)) s")
    if wrong > 0 || (!knowsTruth && refuted > 0) { throw ExitStatus.gateHit }
    if open > 0 { throw ExitStatus.undecided }
  }
}

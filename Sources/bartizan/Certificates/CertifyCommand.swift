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
        bartizan certify model.onnx --nearest inputs.npz --sample 3 --range 0,1 --target 2

      --nearest brackets the least distance from one input at which a class has the greatest output (each class but
      the model's own without --target), for models of affine and piecewise-linear operators. No input within the range
      is nearer than the lower end; the upper end has an example that was replayed in Float and in Double.

      A list has a line "model,property" or "model,property,seconds" for each instance, or columns under the names
      onnx, vnnlib and, if expected verdicts are known, consensus (sat or unsat); paths count from the list's folder.

      EXIT CODES
        0  proved (with --instances: each one, or each as expected; with --nearest: each bracket at its end)
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

  @Option(
    help: ArgumentHelp(
      "How near an input of this archive other classes can be reached.", valueName: "X.npz"))
  var nearest: String?

  @Option(
    help: ArgumentHelp(
      "The archive's array; that with the name of the model's input if not said.", valueName: "NAME"
    ))
  var array: String?

  @Option(help: ArgumentHelp("Which sample of the array, from 0.", valueName: "N"))
  var sample = 0

  @Option(help: ArgumentHelp("The class to reach.", valueName: "CLASS"))
  var target: Int?

  @Option(
    help: "How distance is counted: linf or l1.",
    transform: { name in
      guard let norm = DistortionNorm(rawValue: name) else {
        throw ValidationError("--norm is linf or l1")
      }
      return norm
    })
  var norm = DistortionNorm.linf

  @Option(
    help: ArgumentHelp(
      "The least and the greatest value of an input; --range=-1,1 where the least is below 0.",
      valueName: "LOW,HIGH"),
    transform: { text in
      let ends = text.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
      guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high, low.isFinite,
        high.isFinite
      else { throw ValidationError("--range is two numbers, LOW,HIGH") }
      return low...high
    })
  var range: ClosedRange<Float>?

  @Flag(help: "With --nearest: prove for exact arithmetic alone, which is sharper.")
  var exact = false

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
    if nearest != nil {
      guard model != nil, property == nil, instances == nil, witness == nil, range != nil else {
        throw ValidationError(
          "--nearest takes MODEL and --range, and neither PROPERTY nor --witness")
      }
      guard (0...1 << 30).contains(sample), target.map({ $0 >= 0 }) ?? true else {
        throw ValidationError("--sample and --target count from 0")
      }
      return
    }
    guard range == nil, array == nil, target == nil, !exact else {
      throw ValidationError("--range, --array, --target and --exact are for --nearest")
    }
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
      if let nearest, let model, let range {
        try search(model, nearest, range)
        return
      }
      let checker = PropertyChecker(
        workers: OrderedConcurrency(width: jobs), seed: seed)
      if let instances {
        try checkAll(in: instances, with: checker)
      } else if let model, let property {
        try check(model, property, with: checker)
      }
    }
  }

  private func search(_ model: String, _ input: String, _ range: ClosedRange<Float>) throws {
    let found = try NearestSearch(
      workers: OrderedConcurrency(width: jobs), seed: seed, norm: norm,
      arithmetic: exact ? .exact : .anyFloat, range: range
    ).nearest(
      model, input, array: array, sample: sample, target: target, seconds: timeout)
    if json {
      Terminal.say(String(decoding: CanonicalJSON.indented(found.json).dropLast(), as: UTF8.self))
    } else {
      Terminal.say(found.text)
    }
    let status = found.status
    if status != .clean { throw status }
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

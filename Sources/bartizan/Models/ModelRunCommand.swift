import ArgumentParser
import EngineSupport
import NeuralRuntime
import NumPyFormat
import ONNXFormat
import TensorCore

/// `bartizan model run`: a model's outputs for given inputs.
struct ModelRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run an ONNX model on inputs and print its outputs.",
    discussion: """
      Inputs are the arrays of an .npz archive, by the names of the model's inputs. --fill reference makes inputs
      that anybody can make again: element i is ((37·i) mod 101 − 50)/50 for real types, (37·i) mod 10 for
      integers and i mod 2 for truth values; lengths that are not fixed are 1 unless --shape gives them.

      EXAMPLES
        bartizan model run model.onnx --inputs inputs.npz --json
        bartizan model run model.onnx --fill reference
        bartizan model run model.onnx --fill reference --shape tokens=1,16 --json
        bartizan model run model.onnx --inputs inputs.npz --jobs 2 --kernel portable --json
      """)

  enum Fill: String, ExpressibleByArgument, CaseIterable { case reference }

  @Argument(help: ArgumentHelp("The model (.onnx).", valueName: "FILE"))
  var path: String

  @Option(help: ArgumentHelp("An archive with one array for each input.", valueName: "X.npz"))
  var inputs: String?

  @Option(help: "Make the inputs by a rule: reference.")
  var fill: Fill?

  @Option(help: ArgumentHelp("The shape of an input for --fill.", valueName: "NAME=2,3"))
  var shape: [String] = []

  @Option(
    help: ArgumentHelp(
      "Threads at most, where the samples of a batch do not depend on each other; never changes a bit.",
      valueName: "N"))
  var jobs = 1

  @Option(
    help: ArgumentHelp(
      "Which kernels run: fastest, avx512, avx2, neon or portable; never changes a bit.",
      valueName: "PATH"),
    transform: { name in
      guard let path = KernelPath(rawValue: name) else {
        throw ValidationError("--kernel is fastest, avx512, avx2, neon or portable")
      }
      return path
    })
  var kernel = KernelPath.fastest

  @Flag(help: "Print JSON with every value instead of a summary.")
  var json = false

  func validate() throws {
    guard (inputs == nil) != (fill == nil) else {
      throw ValidationError("give either --inputs X.npz or --fill reference")
    }
    guard (1...256).contains(jobs) else { throw ValidationError("--jobs is from 1 to 256") }
    guard kernel == .fastest || kernel.isAvailable else {
      throw ValidationError("this processor cannot run the \(kernel.rawValue) kernels")
    }
    guard shape.isEmpty || fill != nil else {
      throw ValidationError("--shape is for --fill")
    }
  }

  func run() throws {
    try Terminal.reportingFailures {
      let model = try ModelInput.model(try ModelInput.document(path))
      var diagnostics = Diagnostics()
      var evaluator: ModelEvaluator
      do {
        evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
      } catch {
        Terminal.show(diagnostics.all)
        throw error
      }
      let values =
        if let inputs {
          try ModelInputs.values(
            of: NumPyArchive(reading: try FileAccess.read(inputs, as: inputs, limit: 1 << 30)),
            for: evaluator.inputs)
        } else {
          try ReferenceFill.values(for: evaluator.inputs, shapes: try shapes())
        }
      evaluator.kernelPath = kernel
      let outputs = try ModelBatches.run(
        evaluator, on: values, jobs: jobs,
        isSeparable: jobs > 1 && ModelBatches.isSeparable(model))
      Terminal.say(json ? ModelOutputs.json(outputs, of: path) : ModelOutputs.text(outputs))
    }
  }

  private func shapes() throws -> [String: [Int]] {
    var result: [String: [Int]] = [:]
    for text in shape {
      guard let equals = text.lastIndex(of: "=") else {
        throw Diagnostic(
          "model.input.shape", "--shape \(text) is not of the form NAME=2,3",
          at: SourceLocation(document: path))
      }
      let lengths = text[text.index(after: equals)...].split(separator: ",").map { Int($0) }
      let known = lengths.compactMap(\.self)
      guard known.count == lengths.count, known.allSatisfy({ $0 >= 0 }) else {
        throw Diagnostic(
          "model.input.shape", "--shape \(text) does not give lengths",
          at: SourceLocation(document: path))
      }
      result[String(text[..<equals])] = known
    }
    return result
  }
}

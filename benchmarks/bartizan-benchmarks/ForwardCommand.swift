import ArgumentParser
import EngineSupport
import NeuralRuntime
import TensorCore

/// Times a network's outputs as a Swift caller gets them: the whole call of a runner, or of the evaluator for
/// models that cannot be planned.
struct ForwardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forward", abstract: "Time a model's outputs on the reference fill.")

  @OptionGroup var speed: NetworkSpeed

  @Flag(help: "Run the model as its file says it, with any inputs, instead of planning it.")
  var evaluate = false

  @Option(help: ArgumentHelp("The shape of an input, with --evaluate.", valueName: "NAME=2,3"))
  var shape: [String] = []

  func run() throws {
    guard !evaluate else { return try runFile() }
    let network = try speed.network()
    let x = speed.input(of: network)
    let width = network.output.shape.reduce(1, *)
    var y = [Float](repeating: 0, count: speed.batch * width)
    var runner = network.runner(Float.self, batch: speed.batch)
    try speed.report {
      try runner.forward(x, into: &y)
    } answers: {
      (0..<speed.batch).map { Array(y[$0 * width..<($0 + 1) * width]) }
    }
  }

  private func runFile() throws {
    var diagnostics = Diagnostics()
    var evaluator = try ModelEvaluator(preparing: try speed.read(), reportingTo: &diagnostics)
    evaluator.kernelPath = speed.kernel
    var shapes: [String: [Int]] = [:]
    for text in shape {
      let parts = text.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { throw ValidationError("--shape is NAME=2,3") }
      shapes[String(parts[0])] = parts[1].split(separator: ",").compactMap { Int($0) }
    }
    let values = try ReferenceFill.values(for: evaluator.inputs, shapes: shapes)
    var outputs: [ModelEvaluator.Output] = []
    try speed.report {
      outputs = try evaluator.run(values)
    } answers: {
      outputs.compactMap { ($0.value.tensor as? any NumericTensor)?.reals.map { Float($0) } }
    }
  }
}

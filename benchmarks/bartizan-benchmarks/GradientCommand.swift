import ArgumentParser
import NeuralRuntime
import TensorCore

/// Times the gradient of the sum of a network's outputs with respect to its input: the whole call of a runner.
struct GradientCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradient",
    abstract: "Time the gradient of the sum of a model's outputs on the reference fill.")

  @OptionGroup var speed: NetworkSpeed

  func run() throws {
    let network = try speed.network()
    let x = speed.input(of: network)
    let width = x.count / speed.batch
    var gradient = x
    var runner = network.runner(Float.self, batch: speed.batch, isRecording: true)
    try speed.report {
      try runner.gradient(at: x, into: &gradient) { _, outputs, cotangents in
        for i in outputs.indices { cotangents[i] = 1 }
      }
    } answers: {
      (0..<speed.batch).map { Array(gradient[$0 * width..<($0 + 1) * width]) }
    }
  }
}

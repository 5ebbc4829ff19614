import ArgumentParser
import NeuralRuntime

/// `bartizan model operators`: the table of operators, as the manual shows it.
struct ModelOperatorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operators",
    abstract: "List the ONNX operators that are supported, and what can be done with each.",
    discussion: """
      EXAMPLES
        bartizan model operators
      """)

  func run() throws {
    Terminal.say(String(OperatorCapabilities.table.dropLast()))
  }
}

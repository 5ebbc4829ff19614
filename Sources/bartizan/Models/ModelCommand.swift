import ArgumentParser

/// `bartizan model`: ONNX files looked into and run.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Inspect and run ONNX models; list the operators that are supported.",
    subcommands: [
      ModelInspectCommand.self, ModelOperatorsCommand.self, ModelRunCommand.self,
    ])
}

import ArgumentParser
import EngineSupport
import NeuralRuntime
import ONNXFormat
import Provenance
import TensorCore

/// `bartizan model inspect`: what a model is made of and what can be done with it.
struct ModelInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract:
      "Say what an ONNX model is made of, and whether it can be run, differentiated, bounded.",
    discussion: """
      Constants that the model keeps in other files are read from inside its folder only.

      EXAMPLES
        bartizan model inspect models/gauge-reader/model.onnx
        bartizan model inspect model.onnx --json
      """)

  @Argument(help: ArgumentHelp("The model (.onnx).", valueName: "FILE"))
  var path: String

  @Flag(help: "Print JSON instead of text.")
  var json = false

  func run() throws {
    try Terminal.reportingFailures {
      let document = try ModelInput.document(path)
      let model = try ModelInput.model(document)
      let report = ModelReport(
        model, inspection: ModelInspection(of: model), digest: ContentDigest(of: document.bytes),
        file: path, bytes: document.bytes.count)
      if json {
        Terminal.say(
          String(decoding: CanonicalJSON.indented(report.json).dropLast(), as: UTF8.self))
      } else {
        Terminal.say(report.text)
      }
    }
  }
}

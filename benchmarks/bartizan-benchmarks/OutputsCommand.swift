import ArgumentParser
import EngineSupport
import Foundation
import NeuralRuntime
import NumPyFormat
import ONNXFormat
import TensorCore

/// Runs a model on an array of an archive and writes its outputs, so that a peer can compare number by number.
struct OutputsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outputs", abstract: "Write a model's outputs on evaluation data as JSON.")

  @Argument var model: String
  @Argument var data: String
  @Option var array = "images"
  @Option var output = "outputs.json"

  func run() throws {
    var diagnostics = Diagnostics()
    let onnx = try ONNXModel(reading: try Self.document(model))
    let network = try Network(planning: onnx, reportingTo: &diagnostics)
    let archive = try NumPyArchive(reading: try Self.document(data))
    let outputs = try network.outputs(for: try archive.array(named: array).floatTensor())
    let width = outputs.shape.dropFirst().reduce(1, *)
    let rows = (0..<outputs.shape[0]).map { row in
      JSONValue.strings(
        outputs.elements[row * width..<(row + 1) * width].map(\.description))
    }
    let json = CanonicalJSON.bytes(of: .object([("outputs", .array(rows))]))
    try Data(json).write(to: URL(fileURLWithPath: output))
  }

  private static func document(_ path: String) throws -> InputDocument {
    InputDocument(name: path, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
  }
}

import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat

/// An ONNX file from the disk, with the files that it keeps its constants in: those inside its own folder.
enum ModelInput {
  private static let fileLimit = 512 << 20
  private static let externalLimit = 2 << 30

  static func document(_ path: String) throws -> InputDocument {
    try FileAccess.read(path, as: path, limit: fileLimit)
  }

  static func model(_ document: InputDocument) throws -> ONNXModel {
    let folder = URL(fileURLWithPath: document.name).deletingLastPathComponent()
      .resolvingSymlinksInPath()
    let external = ExternalData(byteLimit: externalLimit) { (name) throws(Diagnostic) in
      let file = folder.appendingPathComponent(name).resolvingSymlinksInPath()
      // The reader checked the name; a symbolic link could still lead out.
      guard file.path.hasPrefix(folder.path + "/") || folder.path == "/" else {
        throw Diagnostic(
          "onnx.external-data.outside", "\"\(name)\" leads out of the model's folder",
          at: SourceLocation(document: document.name))
      }
      guard FileManager.default.fileExists(atPath: file.path) else { return nil }
      do {
        return try FileAccess.read(file.path, as: name, limit: externalLimit)
      } catch let diagnostic as Diagnostic {
        throw diagnostic
      } catch {
        throw Diagnostic(
          "onnx.external-data.missing", "\"\(name)\" cannot be read",
          at: SourceLocation(document: document.name))
      }
    }
    return try ONNXModel(reading: document, external: external)
  }

  /// The model as a network of one input and one output; what was noted on the way is shown where it is none.
  static func network(_ document: InputDocument) throws -> Network {
    var diagnostics = Diagnostics()
    do {
      return try Network(planning: try model(document), reportingTo: &diagnostics)
    } catch {
      Terminal.show(diagnostics.all)
      throw error
    }
  }
}

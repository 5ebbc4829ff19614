import EngineSupport
import Foundation
import SwiftProtobuf

@testable import ONNXFormat

/// Models to read: the bundled one, the corpus beside the checkout, and small ones built field by field.
enum ONNXFixtures {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// `../shared/corpus` relative to the package, or under `BARTIZAN_SHARED`.
  static let corpus: URL = {
    let shared =
      ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(fileURLWithPath: $0) }
      ?? root.deletingLastPathComponent().appendingPathComponent("shared")
    return shared.appendingPathComponent("corpus")
  }()

  static let corpusIsThere = FileManager.default.fileExists(
    atPath: corpus.appendingPathComponent("onnx").path)

  static func gaugeReader() throws -> InputDocument {
    let path = "models/gauge-reader/model.onnx"
    return InputDocument(
      name: path, bytes: Array(try Data(contentsOf: root.appendingPathComponent(path))))
  }

  /// Every `.onnx` file under these folders of the corpus, by path, sorted.
  static func corpusModels(under folders: [String]) throws -> [InputDocument] {
    try folders.flatMap { folder in
      let paths = try FileManager.default.subpathsOfDirectory(
        atPath: corpus.appendingPathComponent(folder).path)
      return try paths.sorted().filter { $0.hasSuffix(".onnx") }.map { path in
        let file = corpus.appendingPathComponent(folder).appendingPathComponent(path)
        return InputDocument(name: "\(folder)/\(path)", bytes: Array(try Data(contentsOf: file)))
      }
    }
  }

  /// y = x + c with c = [1, 2]; `change` makes it the model a test is about.
  static func model(_ change: (inout WireModel) -> Void = { _ in }) throws -> InputDocument {
    var model = WireModel()
    model.irVersion = 8
    model.producerName = "test"
    model.opsetImport = [WireOperatorSetId.with { $0.version = 17 }]
    model.graph.name = "sum"
    model.graph.input = [value("x", [.dimParam("batch"), .dimValue(2)])]
    model.graph.output = [value("y", [.dimParam("batch"), .dimValue(2)])]
    model.graph.initializer = [
      WireTensor.with {
        $0.name = "c"
        $0.dims = [2]
        $0.dataType = 1
        $0.floatData = [1, 2]
      }
    ]
    model.graph.node = [
      WireNode.with {
        $0.name = "add"
        $0.opType = "Add"
        $0.input = ["x", "c"]
        $0.output = ["y"]
      }
    ]
    change(&model)
    let bytes: [UInt8] = try model.serializedBytes()
    return InputDocument(name: "sum.onnx", bytes: bytes)
  }

  static func value(_ name: String, _ shape: [WireShape.Dimension.OneOf_Value?]) -> WireValueInfo {
    WireValueInfo.with {
      $0.name = name
      $0.type.tensorType.elemType = 1
      $0.type.tensorType.shape.dim = shape.map { length in
        WireShape.Dimension.with { $0.value = length }
      }
    }
  }

  static func diagnostic(
    _ document: InputDocument, limits: ONNXModel.Limits = ONNXModel.Limits()
  ) -> Diagnostic? {
    do {
      _ = try ONNXModel(reading: document, limits: limits)
      return nil
    } catch { return error }
  }
}

import EngineSupport
import Foundation
import SwiftProtobuf
import TensorCore
import Testing

@testable import ONNXFormat

@Suite("Constants kept beside the model")
struct ONNXExternalDataTests {
  private func model(_ entries: [(String, String)]) throws -> InputDocument {
    try ONNXFixtures.model { model in
      model.graph.initializer[0].floatData = []
      model.graph.initializer[0].dataLocation = .external
      model.graph.initializer[0].externalData = entries.map { key, value in
        WireStringStringEntry.with {
          $0.key = key
          $0.value = value
        }
      }
    }
  }

  private let weights = ExternalData { (name) throws(Diagnostic) in
    guard name == "data/weights.bin" else { return nil }
    return InputDocument(name: name, bytes: [9, 9, 9, 9, 0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0, 9])
  }

  private func code(_ entries: [(String, String)], limit: Int? = nil) throws -> String? {
    var source = weights
    if let limit { source.byteLimit = limit }
    do {
      _ = try ONNXModel(reading: try model(entries), external: source)
      return nil
    } catch let error as Diagnostic {
      #expect(error.location?.path == "initializer \"c\"")
      return error.code.name
    }
  }

  @Test("a constant's bytes are taken from where it says")
  func read() throws {
    let document = try model([("location", "data/weights.bin"), ("offset", "4"), ("length", "8")])
    let read = try ONNXModel(reading: document, external: weights)
    #expect((read.graph.initializers[0].values as? Tensor<Float>)?.elements == [1.5, -2])
  }

  @Test(
    "a path that could leave the folder is never asked for",
    arguments: [
      "../weights.bin", "data/../../x", "/etc/passwd", "C:\\x", "a\\b", "", ".", "a//b", "c:x",
      "x\u{0}y",
    ])
  func outside(path: String) throws {
    #expect(try code([("location", path)]) == "onnx.external-data.outside")
  }

  @Test("what is missing, too short or no number is said")
  func broken() throws {
    let name = ("location", "data/weights.bin")
    #expect(try code([]) == "onnx.external-data.malformed")
    #expect(try code([("location", "other.bin")]) == "onnx.external-data.missing")
    #expect(try code([name, ("offset", "6")]) == "onnx.external-data.malformed")
    #expect(try code([name, ("offset", "-1")]) == "onnx.external-data.malformed")
    #expect(try code([name, ("offset", "\(Int.max)")]) == "onnx.external-data.malformed")
    #expect(try code([name, ("length", "7")]) == "onnx.external-data.malformed")
    #expect(try code([name], limit: 12) == "onnx.limit")
    #expect(try code([name], limit: 13) == nil)
  }
}

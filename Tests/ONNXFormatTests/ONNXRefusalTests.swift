import EngineSupport
import Foundation
import SwiftProtobuf
import Testing

@testable import ONNXFormat

@Suite("What the ONNX reader refuses, by name and place")
struct ONNXRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var code: String
    var path: String?
    var change: @Sendable (inout WireModel) -> Void
    var testDescription: String { "\(code) at \(path ?? "the file")" }

    init(
      _ code: String, _ path: String? = nil, _ change: @escaping @Sendable (inout WireModel) -> Void
    ) {
      self.code = code
      self.path = path
      self.change = change
    }
  }

  static let node = "node 0 \"add\" (Add)"
  static let constant = "initializer \"c\""

  static let cases: [Case] = [
    Case("onnx.malformed") { $0.clearGraph() },
    Case("onnx.ir.unsupported") { $0.irVersion = 2 },
    Case("onnx.ir.unsupported") { $0.irVersion = 12 },
    Case("onnx.opset.missing") { $0.opsetImport = [] },
    Case("onnx.opset.unsupported") { $0.opsetImport[0].version = 6 },
    Case("onnx.opset.unsupported") { $0.opsetImport[0].version = 23 },
    Case("onnx.malformed") {
      $0.opsetImport.append(WireOperatorSetId.with { $0.version = 16 })
    },
    Case("onnx.opset.missing", node) {
      $0.opsetImport[0].domain = "ai.onnx.ml"
      $0.opsetImport[0].version = 3
    },
    Case("onnx.opset.missing", node) { $0.graph.node[0].domain = "com.example" },
    Case("onnx.opset.missing", "function 0 \"f\"") {
      $0.functions = [WireFunction.with { $0.name = "f" }]
    },
    Case("onnx.opset.unsupported") {
      $0.opsetImport.append(
        WireOperatorSetId.with {
          $0.domain = "ai.onnx.ml"
          $0.version = 6
        })
    },
    Case("onnx.training.unsupported") { $0.trainingInfo = [WireOpaque()] },
    Case("onnx.tensor.malformed", "sparse initializer 0") {
      $0.graph.sparseInitializer = [WireSparseTensor()]
    },
    Case("onnx.initializer.duplicate", constant) {
      $0.graph.initializer.append($0.graph.initializer[0])
    },
    Case("onnx.value.duplicate", "node 1 \"add\" (Add)") { $0.graph.node.append($0.graph.node[0]) },
    Case("onnx.value.duplicate", "input \"x\"") { $0.graph.input.append($0.graph.input[0]) },
    Case("onnx.value.duplicate", node) { $0.graph.node[0].output = ["x"] },
    Case("onnx.value.undefined", "output \"z\"") { $0.graph.output[0].name = "z" },
    Case("onnx.name.malformed", "initializer 0") { $0.graph.initializer[0].name = "" },
    Case("onnx.name.malformed", "input 0") { $0.graph.input[0].name = "x\u{1B}[31m" },
    Case("onnx.name.malformed", "node 0 \"add\"") { $0.graph.node[0].opType = "" },
    Case("onnx.name.malformed", "node 0") {
      $0.graph.node[0].name = String(repeating: "n", count: 5_000)
    },
    Case("onnx.external-data.malformed", constant) {
      $0.graph.initializer[0].dataLocation = .external
    },
    Case("onnx.external-data.malformed", constant) {
      $0.graph.initializer[0].externalData = [WireStringStringEntry.with { $0.key = "location" }]
    },
    Case("onnx.tensor.unsupported", constant) { $0.graph.initializer[0].dataType = 15 },
    Case("onnx.tensor.unsupported", constant) { $0.graph.initializer[0].dataType = -3 },
    Case("onnx.tensor.unsupported", constant) {
      $0.graph.initializer[0].segment = [WireTensor.Segment()]
    },
    Case("onnx.tensor.malformed", constant) { $0.graph.initializer[0].dims = [3] },
    Case("onnx.tensor.malformed", constant) { $0.graph.initializer[0].dims = [-2] },
    Case("onnx.tensor.malformed", constant) { $0.graph.initializer[0].dims = [.max, 4] },
    Case("onnx.tensor.malformed", constant) { $0.graph.initializer[0].dims = [0, .max, 4] },
    Case("onnx.tensor.malformed", constant) {
      $0.graph.initializer[0].rawData = .init(repeating: 0, count: 8)
    },
    Case("onnx.tensor.malformed", constant) {
      $0.graph.initializer[0].floatData = []
      $0.graph.initializer[0].rawData = .init(repeating: 0, count: 7)
    },
    Case("onnx.attribute.malformed", node) {
      $0.graph.node[0].attribute = [WireAttribute.with { $0.name = "axis" }]
    },
    Case("onnx.attribute.malformed", node) {
      $0.graph.node[0].attribute = [
        WireAttribute.with {
          $0.name = "value"
          $0.type = .tensor
        }
      ]
    },
    Case("onnx.attribute.duplicate", node) {
      let axis = WireAttribute.with {
        $0.name = "axis"
        $0.type = .int
      }
      $0.graph.node[0].attribute = [axis, axis]
    },
  ]

  @Test("one broken rule at a time", arguments: cases)
  func refused(item: Case) throws {
    #expect(try ONNXFixtures.diagnostic(ONNXFixtures.model()) == nil)
    let twice = try ONNXFixtures.model { $0.opsetImport.append($0.opsetImport[0]) }
    #expect(ONNXFixtures.diagnostic(twice) == nil, "the same import twice means no more than once")
    let error = try #require(ONNXFixtures.diagnostic(ONNXFixtures.model(item.change)))
    #expect(error.code.name == item.code)
    #expect(error.location?.path == item.path)
    #expect(error.location?.document == "sum.onnx")
  }

  @Test("a file over the limits is refused before it is decoded")
  func limits() throws {
    let document = try ONNXFixtures.model()
    let tooLong = ONNXModel.Limits(fileBytes: document.bytes.count - 1)
    #expect(ONNXFixtures.diagnostic(document, limits: tooLong)?.code == "onnx.limit")
    // Graph, node with three names, constant, two values with type, tensor type, shape, two lengths each.
    let records = 1 + 1 + 3 + 1 + 2 + 2 * 5 + 1
    #expect(ONNXFixtures.diagnostic(document, limits: ONNXModel.Limits(records: records)) == nil)
    let tooMany = ONNXModel.Limits(records: records - 1)
    #expect(ONNXFixtures.diagnostic(document, limits: tooMany)?.code == "onnx.limit")
    // Two bytes a node: four megabytes that would decode into hundreds.
    let nodes = Array(repeating: [0x0A, 0x00] as [UInt8], count: 2_000_000).flatMap { $0 }
    let length: [UInt8] = [0x80, 0x92, 0xF4, 0x01]
    let bomb = InputDocument(name: "bomb.onnx", bytes: [0x3A] + length + nodes)
    #expect(ONNXFixtures.diagnostic(bomb)?.code == "onnx.limit")
  }

  @Test("bytes that are no protocol buffer")
  func noise() {
    for bytes in [[0xFF, 0xFF, 0xFF], Array("PK\u{3}\u{4}".utf8), Array("{\"a\": 1}".utf8)] {
      let error = ONNXFixtures.diagnostic(InputDocument(name: "noise.onnx", bytes: bytes))
      #expect(error?.code == "onnx.malformed")
    }
    // An empty file is a valid, empty protocol buffer.
    let empty = ONNXFixtures.diagnostic(InputDocument(name: "empty.onnx", bytes: []))
    #expect(empty?.code == "onnx.ir.unsupported")
  }
}

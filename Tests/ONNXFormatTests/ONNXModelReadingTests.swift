import EngineSupport
import Foundation
import TensorCore
import Testing

@testable import ONNXFormat

@Suite("Reading whole ONNX models")
struct ONNXModelReadingTests {
  @Test("the gauge reader: nodes, constants and shapes")
  func gaugeReader() throws {
    let model = try ONNXModel(reading: ONNXFixtures.gaugeReader())
    #expect(model.irVersion == 8 && model.opsets == ["": 17])
    let graph = model.graph
    #expect(
      graph.nodes.map(\.operation) == [
        "Mul", "Conv", "Relu", "Conv", "Relu", "MaxPool", "Flatten", "Gemm",
      ])
    #expect(graph.nodes[1].location.path == "node 1 \"conv1\" (Conv)")
    guard case .ints(let pads) = graph.nodes[1].attributes["pads"] else {
      Issue.record("no pads")
      return
    }
    #expect(pads == [1, 1, 1, 1])
    let shapes = graph.initializers.map { constant -> [Int] in
      constant.values is Tensor<Float> ? constant.shape : [-1]
    }
    #expect(
      graph.initializers.map(\.name) == [
        "count_scale", "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "digit.weight",
        "digit.bias",
      ])
    #expect(shapes == [[], [8, 1, 3, 3], [8], [16, 8, 3, 3], [16], [10, 256], [10]])
    #expect((graph.initializers[0].values as? Tensor<Float>)?.elements == [0.0625])
    #expect(graph.inputs.map(\.name) == ["image"])
    #expect(graph.inputs[0].shape == [.dynamic("batch"), .fixed(1), .fixed(8), .fixed(8)])
    #expect(graph.outputs.map(\.name) == ["digit_logits"] && graph.outputs[0].elementType == 1)
  }

  @Test("every prefix of the gauge reader ends in a diagnostic")
  func prefixes() throws {
    let document = try ONNXFixtures.gaugeReader()
    for length in 0..<document.bytes.count {
      let prefix = InputDocument(name: document.name, bytes: Array(document.bytes[..<length]))
      let error = ONNXFixtures.diagnostic(prefix)
      #expect(error?.location?.document == document.name, "a prefix of \(length) is accepted")
    }
  }

  @Test("2,000 changed bytes end in success or a diagnostic")
  func flips() throws {
    let document = try ONNXFixtures.gaugeReader()
    let seed: UInt64 = 20_261_121
    var random = SeededRandom(seed: seed)
    var refused = 0
    for round in 0..<2_000 {
      var changed = document
      // Every other change hits the structure: the weights are most of the file.
      let position =
        round.isMultiple(of: 2)
        ? random.index(below: 600) : random.index(below: document.bytes.count)
      changed.bytes[position] ^= UInt8(1 + random.index(below: 255))
      if let error = ONNXFixtures.diagnostic(changed) {
        refused += 1
        #expect(error.location?.document == document.name, "seed \(seed), round \(round)")
      }
    }
    #expect((1..<2_000).contains(refused), "\(refused) refused, seed \(seed)")
  }

  @Test(
    "every model of the corpus loads or says by name why not",
    .enabled(if: ONNXFixtures.corpusIsThere, "corpus is not beside the checkout"))
  func corpus() throws {
    var loaded = 0
    var refused: [String: Int] = [:]
    let models = try ONNXFixtures.corpusModels(under: ["onnx", "onnx-backend"])
    for document in models {
      guard let error = ONNXFixtures.diagnostic(document) else {
        loaded += 1
        continue
      }
      #expect(error.code.name.hasPrefix("onnx.") && error.code != "onnx.malformed", "\(error)")
      #expect(error.location?.document == document.name)
      refused[error.code.name, default: 0] += 1
      print("refused: \(error)")
    }
    print("corpus: \(loaded) of \(models.count) models loaded")
    #expect(models.count > 50 && loaded * 10 >= models.count * 8, "\(refused)")
  }
}

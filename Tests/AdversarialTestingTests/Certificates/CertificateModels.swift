import AdversarialTesting
import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore

/// Small networks for certificates, written as the reader of files would hand them on.
enum CertificateModels {
  static func node(
    _ operation: String, _ inputs: [String], _ output: String,
    _ attributes: [String: ONNXAttribute] = [:]
  ) -> ONNXNode {
    ONNXNode(
      name: output, operation: operation, domain: "", inputs: inputs, outputs: [output],
      attributes: attributes, location: SourceLocation(document: "test.onnx", path: output))
  }

  static func floats(_ name: String, _ shape: [Int], _ values: [Float]) -> ONNXTensor {
    ONNXTensor(
      name: name, values: Tensor(shape: shape, elements: values),
      location: SourceLocation(document: "test.onnx", path: name))
  }

  static func ints(_ name: String, _ values: [Int]) -> ONNXTensor {
    ONNXTensor(
      name: name, values: Tensor(shape: [values.count], elements: values.map { Int64($0) }),
      location: SourceLocation(document: "test.onnx", path: name))
  }

  static func model(
    _ nodes: [ONNXNode], _ constants: [ONNXTensor], sample: [Int], output: String = "y"
  ) -> ONNXModel {
    ONNXModel(
      irVersion: 8, producer: "test", opsets: ["": 17],
      graph: ONNXGraph(
        name: "test", nodes: nodes, initializers: constants,
        inputs: [
          ONNXValue(
            name: "x", elementType: 1, shape: [.dynamic("N")] + sample.map { .fixed($0) })
        ], outputs: [ONNXValue(name: output, elementType: 1, shape: nil)]))
  }

  static func network(_ model: ONNXModel) throws -> Network {
    var diagnostics = Diagnostics()
    return try Network(planning: model, reportingTo: &diagnostics)
  }

  /// y = W x + b over the flattened sample; one row of weights an output.
  static func linear(_ weights: [[Float]], _ bias: [Float], sample: [Int]? = nil) -> ONNXModel {
    let width = weights[0].count
    return model(
      [node("Flatten", ["x"], "f"), node("Gemm", ["f", "w", "b"], "y", ["transB": .int(1)])],
      [
        floats("w", [weights.count, width], weights.flatMap(\.self)),
        floats("b", [bias.count], bias),
      ], sample: sample ?? [width])
  }

  static func random(_ count: Int, _ scale: Double, _ random: inout SeededRandom) -> [Float] {
    (0..<count).map { _ in Float((random.uniform() * 2 - 1) * scale) }
  }

  /// Dense layers with rectifiers between them over the flattened sample.
  static func dense(
    _ sizes: [Int], seed: UInt64, sample: [Int]? = nil, scale: Double = 1
  ) -> ONNXModel {
    var generator = SeededRandom(seed: seed)
    var nodes = [node("Flatten", ["x"], "r0")]
    var constants: [ONNXTensor] = []
    for layer in 1..<sizes.count {
      let shape = [sizes[layer - 1], sizes[layer]]
      constants.append(floats("w\(layer)", shape, random(shape[0] * shape[1], scale, &generator)))
      constants.append(floats("b\(layer)", [shape[1]], random(shape[1], scale / 2, &generator)))
      let isLast = layer == sizes.count - 1
      let sum = isLast ? "y" : "a\(layer)"
      nodes.append(node("Gemm", ["r\(layer - 1)", "w\(layer)", "b\(layer)"], sum))
      if !isLast { nodes.append(node("Relu", [sum], "r\(layer)")) }
    }
    return model(nodes, constants, sample: sample ?? [sizes[0]])
  }

  /// A convolution along time over `[channels, instants]`, a rectifier, and a dense layer.
  static func convolutional(channels: Int, instants: Int, outputs: Int, seed: UInt64) -> ONNXModel {
    var generator = SeededRandom(seed: seed)
    let width = 4 * (instants - 2)
    return model(
      [
        node("Conv", ["x", "k", "c"], "a"), node("Relu", ["a"], "r"), node("Flatten", ["r"], "f"),
        node("Gemm", ["f", "w", "b"], "y"),
      ],
      [
        floats("k", [4, channels, 3], random(12 * channels, 0.6, &generator)),
        floats("c", [4], random(4, 0.2, &generator)),
        floats("w", [width, outputs], random(width * outputs, 0.5, &generator)),
        floats("b", [outputs], random(outputs, 0.2, &generator)),
      ], sample: [channels, instants])
  }

  /// A gated recurrent layer over `[instants, channels]` and a dense layer on its last state.
  static func recurrent(channels: Int, instants: Int, outputs: Int, seed: UInt64) -> ONNXModel {
    var generator = SeededRandom(seed: seed)
    let hidden = 3
    var gru = node("GRU", ["t", "w", "r", "b"], "s", ["hidden_size": .int(hidden)])
    gru.outputs = ["", "s"]
    return model(
      [
        node("Transpose", ["x"], "t", ["perm": .ints([1, 0, 2])]), gru,
        node("Squeeze", ["s", "axes"], "h"), node("Gemm", ["h", "v", "c"], "y"),
      ],
      [
        floats(
          "w", [1, 3 * hidden, channels], random(3 * hidden * channels, 0.5, &generator)),
        floats("r", [1, 3 * hidden, hidden], random(3 * hidden * hidden, 0.5, &generator)),
        floats("b", [1, 6 * hidden], random(6 * hidden, 0.2, &generator)),
        ints("axes", [0]), floats("v", [hidden, outputs], random(hidden * outputs, 1, &generator)),
        floats("c", [outputs], random(outputs, 0.2, &generator)),
      ], sample: [instants, channels])
  }
}

/// A network as a target of attacks.
struct NetworkModel: TargetModel {
  let network: Network

  var inputShape: [Int] { network.input.shape }
  var classCount: Int { network.output.shape[0] }

  func scores(of batch: Tensor<Float>) throws -> Tensor<Float> { try network.outputs(for: batch) }

  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let answer = try network.gradient(at: batch, cotangent: cotangent)
    return (answer.outputs, answer.gradient)
  }

  func scoresInDouble(of batch: Tensor<Double>) throws -> Tensor<Double> {
    try network.outputs(for: batch)
  }
}

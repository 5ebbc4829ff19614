import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore

/// Small networks for least distortions.
enum DistortionNetworks {
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

  static func network(
    _ nodes: [ONNXNode], _ constants: [ONNXTensor], sample: [Int]
  ) throws -> Network {
    var diagnostics = Diagnostics()
    return try Network(
      planning: ONNXModel(
        irVersion: 8, producer: "test", opsets: ["": 17],
        graph: ONNXGraph(
          name: "test", nodes: nodes, initializers: constants,
          inputs: [
            ONNXValue(name: "x", elementType: 1, shape: [.dynamic("N")] + sample.map { .fixed($0) })
          ], outputs: [ONNXValue(name: "y", elementType: 1, shape: nil)])),
      reportingTo: &diagnostics)
  }

  /// Dense layers with weights of `[inputs, outputs]`, and an activation between them.
  static func dense(
    _ layers: [(weights: [Float], bias: [Float])], activation: String = "Relu",
    _ attributes: [String: ONNXAttribute] = [:]
  ) throws -> Network {
    var nodes: [ONNXNode] = []
    var constants: [ONNXTensor] = []
    var name = "x"
    for (place, layer) in layers.enumerated() {
      let outputs = layer.bias.count
      constants.append(
        floats("w\(place)", [layer.weights.count / outputs, outputs], layer.weights))
      constants.append(floats("b\(place)", [outputs], layer.bias))
      let isLast = place == layers.count - 1
      nodes.append(node("Gemm", [name, "w\(place)", "b\(place)"], isLast ? "y" : "a\(place)"))
      if !isLast { nodes.append(node(activation, ["a\(place)"], "r\(place)", attributes)) }
      name = "r\(place)"
    }
    return try network(
      nodes, constants, sample: [layers[0].weights.count / layers[0].bias.count])
  }

  static func layer(
    _ inputs: Int, _ outputs: Int, _ random: inout SeededRandom
  ) -> (weights: [Float], bias: [Float]) {
    func values(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(random.uniform() * 2 - 1) }
    }
    return (values(inputs * outputs), values(outputs))
  }
}

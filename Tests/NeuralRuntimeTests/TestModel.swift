import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore

/// Models written by hand, as the reader would hand them on.
enum TestModel {
  static func node(
    _ operation: String, _ inputs: [String], _ outputs: [String],
    _ attributes: [String: ONNXAttribute] = [:], name: String = "", domain: String = ""
  ) -> ONNXNode {
    ONNXNode(
      name: name, operation: operation, domain: domain, inputs: inputs, outputs: outputs,
      attributes: attributes,
      location: SourceLocation(
        document: "test.onnx", path: "node \"\(name)\" (\(operation))"))
  }

  static func floats(_ name: String, _ shape: [Int], _ values: [Float]) -> ONNXTensor {
    tensor(name, Tensor(shape: shape, elements: values))
  }

  static func ints(_ name: String, _ values: [Int]) -> ONNXTensor {
    tensor(name, Tensor(shape: [values.count], elements: values.map { Int64($0) }))
  }

  static func integers(_ shape: [Int], _ values: [Int]) -> any AnyTensor {
    Tensor(shape: shape, elements: values.map { Int64($0) })
  }

  static func truths(_ shape: [Int], _ values: [Bool]) -> any AnyTensor {
    Tensor(shape: shape, elements: values)
  }

  static func tensor(_ name: String, _ values: any AnyTensor) -> ONNXTensor {
    ONNXTensor(
      name: name, values: values,
      location: SourceLocation(document: "test.onnx", path: "initializer \"\(name)\""))
  }

  /// A model with the input "x" of the shape `[N] + sample` and the output "y".
  static func model(
    _ nodes: [ONNXNode], _ initializers: [ONNXTensor] = [], sample: [Int], opset: Int = 17
  ) -> ONNXModel {
    model(
      nodes, initializers,
      inputs: [
        ONNXValue(
          name: "x", elementType: 1,
          shape: [.dynamic("N")] + sample.map { .fixed($0) })
      ], opset: opset)
  }

  static func model(
    _ nodes: [ONNXNode], _ initializers: [ONNXTensor], inputs: [ONNXValue], opset: Int = 17
  ) -> ONNXModel {
    ONNXModel(
      irVersion: 8, producer: "test", opsets: ["": opset],
      graph: ONNXGraph(
        name: "test", nodes: nodes, initializers: initializers, inputs: inputs,
        outputs: [ONNXValue(name: "y", elementType: 1, shape: nil)]))
  }

  static func network(_ model: ONNXModel) throws -> Network {
    var diagnostics = Diagnostics()
    return try Network(planning: model, reportingTo: &diagnostics)
  }

  /// Why a model is not planned; nil where it is.
  static func refusal(_ model: ONNXModel) -> Diagnostic? {
    var diagnostics = Diagnostics()
    do {
      _ = try Network(planning: model, reportingTo: &diagnostics)
      return nil
    } catch {
      return error
    }
  }

  static func random(_ count: Int, scale: Double, _ random: inout SeededRandom) -> [Float] {
    (0..<count).map { _ in Float((random.uniform() * 2 - 1) * scale) }
  }

  /// Two convolutions, pooling and a dense layer on `[1, 8, 8]`, with seeded weights.
  static func convolutional(
    seed: UInt64, activation: String = "Relu", endsInSoftmax: Bool = false
  ) -> ONNXModel {
    var generator = SeededRandom(seed: seed)
    var nodes = [
      node("Conv", ["x", "w1", "b1"], ["c1"], ["pads": .ints([1, 1, 1, 1])], name: "conv1"),
      node(activation, ["c1"], ["r1"], name: "act1"),
      node("Conv", ["r1", "w2", "b2"], ["c2"], ["pads": .ints([1, 1, 1, 1])], name: "conv2"),
      node(activation, ["c2"], ["r2"], name: "act2"),
      node(
        "MaxPool", ["r2"], ["p"], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])],
        name: "pool"),
      node("Flatten", ["p"], ["f"], name: "flatten"),
      node(
        "Gemm", ["f", "w3", "b3"], [endsInSoftmax ? "z" : "y"], ["transB": .int(1)], name: "dense"),
    ]
    if endsInSoftmax { nodes.append(node("Softmax", ["z"], ["y"], name: "softmax")) }
    return model(
      nodes,
      [
        floats("w1", [8, 1, 3, 3], random(72, scale: 0.4, &generator)),
        floats("b1", [8], random(8, scale: 0.1, &generator)),
        floats("w2", [16, 8, 3, 3], random(1_152, scale: 0.15, &generator)),
        floats("b2", [16], random(16, scale: 0.1, &generator)),
        floats("w3", [10, 256], random(2_560, scale: 0.1, &generator)),
        floats("b3", [10], random(10, scale: 0.1, &generator)),
      ], sample: [1, 8, 8])
  }
}

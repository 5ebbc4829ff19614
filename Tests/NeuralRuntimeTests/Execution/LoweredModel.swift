import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Seeded models that between them use every kernel the lowered programs call.
struct LoweredModel: Sendable, CustomTestStringConvertible {
  var name: String
  var model: @Sendable () -> ONNXModel
  /// Whether a constant is folded into a product, which may change last bits.
  var folds = false
  /// Whether every operator has a kernel.
  var isLowered = true
  /// How many kernels the output takes; nil where it does not matter.
  var kernels: Int?

  var testDescription: String { name }

  static let seed: UInt64 = 11

  static func build(
    _ sample: [Int], opset: Int = 17,
    _ body: @escaping @Sendable (inout Builder) -> Void
  ) -> @Sendable () -> ONNXModel {
    {
      var builder = Builder()
      body(&builder)
      return TestModel.model(builder.nodes, builder.initializers, sample: sample, opset: opset)
    }
  }

  /// Nodes and constants in the order they are asked for; the last node makes "y".
  struct Builder {
    var nodes: [ONNXNode] = []
    var initializers: [ONNXTensor] = []
    private var random = SeededRandom(seed: LoweredModel.seed)

    mutating func weight(_ shape: [Int], scale: Double = 0.5, above least: Double? = nil) -> String
    {
      let name = "w\(initializers.count)"
      var values = TestModel.random(shape.reduce(1, *), scale: scale, &random)
      if let least { values = values.map { abs($0) + Float(least) } }
      initializers.append(TestModel.floats(name, shape, values))
      return name
    }

    mutating func ints(_ values: [Int]) -> String {
      let name = "w\(initializers.count)"
      initializers.append(TestModel.ints(name, values))
      return name
    }

    mutating func node(
      _ operation: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:],
      outputs: [String]? = nil, isLast: Bool = false
    ) -> String {
      let name = isLast ? "y" : "v\(nodes.count)"
      nodes.append(
        TestModel.node(operation, inputs, outputs ?? [name], attributes, name: "n\(nodes.count)"))
      return (outputs ?? [name])[0]
    }

    mutating func last(
      _ operation: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:]
    ) {
      _ = node(operation, inputs, attributes, isLast: true)
    }

    mutating func normalization(_ x: String, _ channels: Int) -> String {
      node(
        "BatchNormalization",
        [
          x, weight([channels], above: 0.5), weight([channels]), weight([channels]),
          weight([channels], above: 0.5),
        ])
    }
  }

  static let all: [LoweredModel] = dense + convolutional + others + recurrent

  private static let dense = [
    LoweredModel(
      name: "dense",
      model: build([7]) { net in
        let a = net.node(
          "Gemm", ["x", net.weight([13, 7]), net.weight([13])], ["transB": .int(1)])
        let b = net.node("Relu", [a])
        let c = net.node("Gemm", [b, net.weight([13, 5]), net.weight([1, 5])])
        net.last("Softmax", [net.node("LeakyRelu", [c])])
      }, kernels: 3),
    LoweredModel(
      name: "products and sums",
      model: build([3, 4]) { net in
        let a = net.node("MatMul", ["x", net.weight([4, 6])])
        let b = net.node("Add", [a, net.weight([6])])
        let c = net.node("Mul", [b, net.weight([1, 6])])
        let d = net.node("Sub", [c, net.weight([1])])
        let e = net.node("Tanh", [d])
        let f = net.node("Flatten", [e])
        net.last("Gemm", [f, net.weight([18, 2])], ["beta": .float(0.5)])
      }, kernels: 6),
    LoweredModel(
      name: "elementwise",
      model: build([2, 3]) { net in
        let a = net.node("Mul", ["x", "x"])
        let b = net.node("Add", [net.weight([3]), a])
        let c = net.node("Sub", [b, net.node("Sigmoid", ["x"])])
        let d = net.node("Div", [c, net.weight([2, 1], above: 0.5)])
        let e = net.node("Exp", [net.node("Mul", [d, net.weight([])])])
        net.last("Erf", [e])
      }, kernels: 8),
  ]

  private static let convolutional = [
    LoweredModel(
      name: "convolutional",
      model: { TestModel.convolutional(seed: seed, endsInSoftmax: true) }, kernels: 5),
    LoweredModel(
      name: "channels side by side",
      model: build([3, 9, 10]) { net in
        let pads: [String: ONNXAttribute] = ["pads": .ints([1, 1, 1, 1])]
        func layer(_ x: String, _ inputs: Int, _ outputs: Int) -> String {
          net.node(
            "Conv", [x, net.weight([outputs, inputs, 3, 3], scale: 0.1), net.weight([outputs])],
            pads)
        }
        let a = net.node("Relu", [layer("x", 3, 16)])
        // Read twice: by the convolution as it is, and by the pool.
        let b = net.node(
          "Conv", [a, net.weight([32, 16, 3, 2], scale: 0.1)], ["strides": .ints([2, 2])])
        let c = net.node(
          "MaxPool", [net.node("LeakyRelu", [layer(a, 16, 32)])],
          ["kernel_shape": .ints([3, 2]), "strides": .ints([2, 2])])
        let d = net.node("MaxPool", [b], ["kernel_shape": .ints([1, 1])])
        let e = net.node("Add", [c, d])
        net.last("Gemm", [net.node("Flatten", [e]), net.weight([640, 3])])
      }, kernels: 7),
    LoweredModel(
      name: "inverted residual",
      model: build([4, 6, 6]) { net in
        let bounds = [net.weight([], scale: 0), net.weight([], scale: 0, above: 6)]
        let a = net.normalization(net.node("Conv", ["x", net.weight([8, 4, 1, 1])]), 8)
        let b = net.node("Clip", [a] + bounds)
        let c = net.normalization(
          net.node(
            "Conv", [b, net.weight([8, 1, 3, 3]), net.weight([8])],
            ["group": .int(8), "pads": .ints([1, 1, 1, 1])]), 8)
        let d = net.node("Clip", [c] + bounds)
        let e = net.normalization(net.node("Conv", [d, net.weight([4, 8, 1, 1])]), 4)
        let f = net.node("GlobalAveragePool", [net.node("Add", ["x", e])])
        net.last("Flatten", [f])
      }, folds: true, kernels: 5),
    LoweredModel(
      name: "signal",
      model: build([2, 16]) { net in
        let a = net.node(
          "Conv", ["x", net.weight([6, 1, 3]), net.weight([6])],
          [
            "group": .int(2), "dilations": .ints([2]), "pads": .ints([2, 1]),
            "strides": .ints([2]),
          ])
        let b = net.node(
          "AveragePool", [net.node("Relu", [a])],
          ["kernel_shape": .ints([3]), "pads": .ints([1, 1]), "strides": .ints([2])])
        let c = net.normalization(net.node("Tanh", [b]), 6)
        net.last("GlobalMaxPool", [c])
      }, kernels: 5),
  ]

  private static let others = [
    LoweredModel(
      name: "means and sums",
      model: build([5, 3, 4]) { net in
        let a = net.node("ReduceMean", ["x"], ["axes": .ints([1, 3]), "keepdims": .int(0)])
        let b = net.node("ReduceSum", ["x", net.ints([2])], ["keepdims": .int(1)])
        let c = net.node("Flatten", [b])
        net.last(
          "Gemm", [net.node("Concat", [a, c], ["axis": .int(1)]), net.weight([23, 2])])
      }, kernels: 4),
    LoweredModel(
      name: "operands that are read more than once",
      model: build([3, 4, 5]) { net in
        let means = net.node("ReduceMean", ["x"], ["axes": .ints([2, 3]), "keepdims": .int(1)])
        let a = net.node("Sub", ["x", means])
        let b = net.node("Sub", [means, a])
        let columns = net.node("ReduceSum", ["x", net.ints([1, 2])], ["keepdims": .int(1)])
        let c = net.node("Mul", [net.node("Sigmoid", [columns]), b])
        let d = net.node("Mul", [c, means])
        let one = net.node("ReduceMean", ["x"], ["axes": .ints([1, 2, 3]), "keepdims": .int(1)])
        let e = net.node("Div", [one, net.node("Exp", [d])])
        let rows = net.node("ReduceMean", ["x"], ["axes": .ints([3]), "keepdims": .int(1)])
        let f = net.node("Div", [e, net.node("Exp", [rows])])
        let g = net.node("Add", [rows, net.node("Mul", [one, columns])])
        net.last("Add", [f, net.node("Add", [g, one])])
      }),
    LoweredModel(
      name: "rearrangements",
      model: build([2, 3, 4]) { net in
        let a = net.node("Transpose", ["x"], ["perm": .ints([0, 3, 1, 2])])
        let b = net.node("Reshape", [a, net.ints([-1, 6, 4])])
        let c = net.node(
          "Slice", [b, net.ints([1]), net.ints([5]), net.ints([1]), net.ints([2])])
        let d = net.node("Pad", [c, net.ints([0, 1, 0, 0, 0, 2])])
        let e = net.node("Concat", [d, d], ["axis": .int(2)])
        net.last("Relu", [e])
      }, kernels: 5),
    LoweredModel(
      name: "recurrent",
      model: build([5, 3]) { net in
        let a = net.node("Transpose", ["x"], ["perm": .ints([1, 0, 2])])
        _ = net.node(
          "LSTM", [a, net.weight([1, 16, 3]), net.weight([1, 16, 4]), net.weight([1, 32])],
          ["hidden_size": .int(4)], outputs: ["all", "last"])
        let b = net.node("Squeeze", ["last", net.ints([0])])
        net.last("Gemm", [b, net.weight([4, 2])])
      }),
    LoweredModel(
      name: "a recurrent layer with a function of its own",
      model: build([5, 3]) { net in
        let a = net.node("Transpose", ["x"], ["perm": .ints([1, 0, 2])])
        _ = net.node(
          "RNN", [a, net.weight([1, 4, 3]), net.weight([1, 4, 4])],
          ["hidden_size": .int(4), "activations": .strings(["Softsign"])],
          outputs: ["all", "last"])
        let b = net.node("Squeeze", ["last", net.ints([0])])
        net.last("Gemm", [b, net.weight([4, 2])])
      }, isLowered: false),
  ]

  /// LSTM, GRU and RNN: both directions, with and without biases and first states, one after the other.
  private static let recurrent: [LoweredModel] = [
    ("LSTM", "bidirectional", 0), ("LSTM", "reverse", 0), ("GRU", "forward", 1),
    ("GRU", "bidirectional", 0), ("GRU", "reverse", 1), ("RNN", "bidirectional", 0),
  ].map { operation, direction, resetsAfter in
    LoweredModel(
      name: "\(operation), \(direction), \(resetsAfter)",
      model: build([6, 7]) { net in
        let gates = ["LSTM": 4, "GRU": 3][operation] ?? 1
        let (d, h) = (direction == "bidirectional" ? 2 : 1, 19)
        var attributes: [String: ONNXAttribute] = [
          "hidden_size": .int(h), "direction": .string(direction),
        ]
        if operation == "GRU" { attributes["linear_before_reset"] = .int(resetsAfter) }
        func layer(_ x: String, _ inputs: Int, _ rest: [String], _ outputs: [String]) {
          let constants = [
            net.weight([d, gates * h, inputs], scale: 0.3),
            net.weight([d, gates * h, h], scale: 0.3),
          ]
          _ = net.node(operation, [x] + constants + rest, attributes, outputs: outputs)
        }
        let states = operation == "LSTM" ? ["_c"] : []
        let a = net.node("Transpose", ["x"], ["perm": .ints([1, 0, 2])])
        layer(
          a, 7, [net.weight([d, 2 * gates * h])], ["all1", "last1"] + states.map { "last1" + $0 })
        let merged = net.node("Transpose", ["all1"], ["perm": .ints([0, 2, 1, 3])])
        let b = net.node("Reshape", [merged, net.ints([6, -1, d * h])])
        let bias = net.weight([d, 2 * gates * h])
        layer(
          b, d * h, [bias, "", "last1"] + states.map { "last1" + $0 },
          ["all2", "last2"] + states.map { "last2" + $0 })
        let c = net.node("ReduceSum", ["all2", net.ints([0])], ["keepdims": .int(0)])
        func joined(_ states: String) -> String {
          net.node(
            "Reshape",
            [
              net.node("Transpose", [states], ["perm": .ints([1, 0, 2])]), net.ints([-1, d * h]),
            ])
        }
        let e = joined(c)
        let f = joined(states.isEmpty ? "last2" : "last2_c")
        net.last(
          "Gemm", [net.node("Concat", [e, f], ["axis": .int(1)]), net.weight([2 * d * h, 3])])
      })
  }

  func network() throws -> Network { try TestModel.network(model()) }

  /// The shape of one sample.
  static func sample(of model: ONNXModel) -> [Int] {
    (model.graph.inputs[0].shape ?? []).dropFirst().map { dimension in
      if case .fixed(let length) = dimension { length } else { 1 }
    }
  }

  static func batch(_ network: Network, _ count: Int) -> Tensor<Float> {
    var random = SeededRandom(seed: seed).stream("input", 0)
    let shape = [count] + network.input.shape
    return Tensor(
      shape: shape, elements: TestModel.random(shape.reduce(1, *), scale: 1, &random))
  }
}

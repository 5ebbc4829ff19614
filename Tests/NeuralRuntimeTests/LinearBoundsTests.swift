import EngineSupport
import Foundation
import ONNXFormat
import TensorCore
import Testing

@testable import NeuralRuntime

/// Linear bounds of whole networks against published values, samples and closed forms.
@Suite struct LinearBoundsTests {
  private static let seed: UInt64 = 11
  /// Points for each network; a million over all of them where every case is to be tried.
  private static let points =
    ProcessInfo.processInfo.environment["BARTIZAN_EXHAUSTIVE"] == nil ? 2_000 : 130_000

  // MARK: Published values

  struct Regression: Sendable, CustomStringConvertible {
    var net: String
    var property: Int
    var lower: [Double]
    var upper: [Double]
    var lines: (Double, Double)
    var interval: (Double, Double)
    var description: String { "\(net), property \(property)" }
  }

  static let regressions = [
    Regression(
      net: "1_1", property: 1, lower: [0.6, -0.5, -0.5, 0.45, -0.5],
      upper: [0.679857769, 0.5, 0.5, 0.5, -0.45], lines: (-410.8, 1662.2),
      interval: (-1512.7, 4214.6)),
    Regression(
      net: "1_1", property: 3, lower: [-0.303531156, -0.009549297, 0.493380324, 0.3, 0.3],
      upper: [-0.298552812, 0.009549297, 0.5, 0.5, 0.5], lines: (-0.3036, 0.8848),
      interval: (-129.1, 359.1)),
    Regression(
      net: "2_1", property: 3, lower: [-0.303531156, -0.009549297, 0.493380324, 0.3, 0.3],
      upper: [-0.298552812, 0.009549297, 0.5, 0.5, 0.5], lines: (-1.2401, 1.8556),
      interval: (-191.0, 485.9)),
    Regression(
      net: "3_3", property: 9, lower: [-0.295233916, -0.063661977, -0.499999896, -0.5, -0.5],
      upper: [-0.212261512, -0.022281692, -0.498408347, -0.454545455, -0.375],
      lines: (-28.52, 50.85), interval: (-802.3, 1567.5)),
    Regression(
      net: "4_5", property: 10, lower: [0.268978427, 0.11140846, -0.499999896, 0.227272727, 0],
      upper: [0.679857769, 0.499999896, -0.498408347, 0.5, 0.5], lines: (-183.1, 316.0),
      interval: (-4645, 9933)),
  ]

  /// The values are those of exact arithmetic; the allowance for `Float` loosens them by less than 0.3 %.
  @Test(arguments: regressions)
  func publishedBoundsAreMet(_ example: Regression) throws {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(
        "shared/corpus/onnx/Marabou/ACASXU_experimental_v2a_\(example.net).onnx")
    guard let data = try? Data(contentsOf: file) else {
      print("skipped: the corpus is not beside this checkout")
      return
    }
    let network = try TestModel.network(
      ONNXModel(reading: InputDocument(name: "net.onnx", bytes: [UInt8](data))))
    let box = IntervalTensor(
      lower: Tensor(shape: [1] + network.input.shape, elements: example.lower),
      upper: Tensor(shape: [1] + network.input.shape, elements: example.upper))
    let interval = try network.bounds(over: box)
    #expect(isNear(interval.lower.elements[0], example.interval.0, 2e-3))
    #expect(isNear(interval.upper.elements[0], example.interval.1, 2e-3))
    let propagation = try LinearPropagation(network)
    let state = propagation.relaxed(
      over: BoxBatch(lower: example.lower, upper: example.upper, count: 1), by: .lines)
    let lines = propagation.outputBounds(in: state)
    #expect(isNear(lines.lower[0], example.lines.0, 4e-3))
    #expect(isNear(lines.upper[0], example.lines.1, 4e-3))
    // With intervals the ranges on the way are tighter, and so is the result.
    let both = try network.linearBounds(over: box)
    #expect(both.lower.elements[0] >= lines.lower[0] && both.upper.elements[0] <= lines.upper[0])
  }

  private func isNear(_ value: Double, _ expected: Double, _ share: Double) -> Bool {
    abs(value - expected) <= share * abs(expected)
  }

  // MARK: Samples

  struct Case: Sendable, CustomStringConvertible {
    var name: String
    var sample: [Int]
    var model: @Sendable () -> ONNXModel
    var description: String { name }
  }

  private static func dense(_ activation: String, _ attributes: [String: ONNXAttribute] = [:])
    -> Case
  {
    Case(name: activation, sample: [6]) {
      var random = SeededRandom(seed: seed).stream(named: activation, 0)
      return TestModel.model(
        [
          TestModel.node("Gemm", ["x", "w1", "b1"], ["a"], ["transB": .int(1)]),
          TestModel.node(activation, ["a"], ["b"], attributes),
          TestModel.node("MatMul", ["b", "w2"], ["c"]), TestModel.node("Add", ["c", "b2"], ["d"]),
          TestModel.node(activation, ["d"], ["e"], attributes),
          TestModel.node("Gemm", ["e", "w3"], ["y"]),
        ],
        [
          TestModel.floats("w1", [12, 6], TestModel.random(72, scale: 0.8, &random)),
          TestModel.floats("b1", [12], TestModel.random(12, scale: 0.5, &random)),
          TestModel.floats("w2", [12, 10], TestModel.random(120, scale: 0.5, &random)),
          TestModel.floats("b2", [10], TestModel.random(10, scale: 0.5, &random)),
          TestModel.floats("w3", [10, 3], TestModel.random(30, scale: 0.5, &random)),
        ], sample: [6], opset: 20)
    }
  }

  /// Int8 in QDQ form, per tensor and per channel, with steps that saturate.
  private static let quantised = Case(name: "quantised", sample: [4]) {
    var random = SeededRandom(seed: seed).stream("quantised", 0)
    func scale(_ name: String, _ value: Float) -> ONNXTensor { TestModel.floats(name, [], [value]) }
    let codes = TestModel.random(40, scale: 120, &random).map { Int8($0.rounded()) }
    return TestModel.model(
      [
        TestModel.node("QuantizeLinear", ["x", "s1", "z1"], ["q1"]),
        TestModel.node("DequantizeLinear", ["q1", "s1", "z1"], ["d1"]),
        TestModel.node("DequantizeLinear", ["c", "sc"], ["w"], ["axis": .int(0)]),
        TestModel.node("Gemm", ["d1", "w", "b"], ["h"], ["transB": .int(1)]),
        TestModel.node("QuantizeLinear", ["h", "s2", "z2"], ["q2"]),
        TestModel.node("DequantizeLinear", ["q2", "s2", "z2"], ["d2"]),
        TestModel.node("Gemm", ["d2", "v"], ["y"]),
      ],
      [
        scale("s1", 0.03), TestModel.tensor("z1", Tensor<Int8>(shape: [], elements: [3])),
        scale("s2", 0.02), TestModel.tensor("z2", Tensor<Int8>(shape: [], elements: [-128])),
        TestModel.tensor("c", Tensor(shape: [10, 4], elements: codes)),
        TestModel.floats("sc", [10], (0..<10).map { 0.004 + 0.001 * Float($0) }),
        TestModel.floats("b", [10], TestModel.random(10, scale: 0.5, &random)),
        TestModel.floats("v", [10, 3], TestModel.random(30, scale: 0.5, &random)),
      ], sample: [4])
  }

  /// A recurrent layer over six steps of three channels, its batch behind the steps, and a dense layer.
  private static func recurrent(
    _ operation: String, gates: Int, _ attributes: [String: ONNXAttribute] = [:],
    readsAll: Bool = false, directions: Int = 1
  ) -> Case {
    let name = "\(operation) \(attributes.keys.sorted()) \(readsAll)"
    return Case(name: name, sample: [6, 3]) {
      var random = SeededRandom(seed: seed).stream(named: name, 0)
      let hidden = 4
      let width = (readsAll ? 6 : 1) * directions * hidden
      var attributes = attributes
      attributes["hidden_size"] = .int(hidden)
      func values(_ name: String, _ shape: [Int], _ scale: Double) -> ONNXTensor {
        TestModel.floats(
          name, shape, TestModel.random(shape.reduce(1, *), scale: scale, &random))
      }
      return TestModel.model(
        [
          TestModel.node("Transpose", ["x"], ["t"], ["perm": .ints([1, 0, 2])]),
          TestModel.node(
            operation, ["t", "w", "r", "b"], readsAll ? ["all"] : ["", "last"], attributes),
          readsAll
            ? TestModel.node("Transpose", ["all"], ["s"], ["perm": .ints([2, 0, 1, 3])])
            : TestModel.node("Transpose", ["last"], ["s"], ["perm": .ints([1, 0, 2])]),
          TestModel.node("Flatten", ["s"], ["f"]), TestModel.node("Gemm", ["f", "v"], ["y"]),
        ],
        [
          values("w", [directions, gates * hidden, 3], 0.8),
          values("r", [directions, gates * hidden, hidden], 0.8),
          values("b", [directions, 2 * gates * hidden], 0.5), values("v", [width, 3], 0.7),
        ], sample: [6, 3])
    }
  }

  /// Recurrent layers that are unrolled.
  static let recurrentCases = [
    recurrent("GRU", gates: 3), recurrent("GRU", gates: 3, ["linear_before_reset": .int(1)]),
    recurrent(
      "GRU", gates: 3, ["direction": .string("bidirectional"), "linear_before_reset": .int(1)],
      readsAll: true, directions: 2),
    recurrent("LSTM", gates: 4),
    recurrent("LSTM", gates: 4, ["direction": .string("reverse")], readsAll: true),
    recurrent("RNN", gates: 1),
  ]

  /// Two ways through the network that meet in a sum, a product and a maximum.
  private static let meeting = Case(name: "branches that meet", sample: [4]) {
    var random = SeededRandom(seed: seed).stream("branches", 0)
    return TestModel.model(
      [
        TestModel.node("Gemm", ["x", "w1"], ["a"]), TestModel.node("Relu", ["a"], ["b"]),
        TestModel.node("Gemm", ["x", "w2"], ["c"]), TestModel.node("Sigmoid", ["c"], ["d"]),
        TestModel.node("Mul", ["b", "d"], ["e"]), TestModel.node("Add", ["e", "a"], ["f"]),
        TestModel.node("Max", ["f", "c"], ["g"]), TestModel.node("Min", ["g", "b"], ["h"]),
        TestModel.node("ReduceMean", ["h"], ["m"], ["axes": .ints([1])]),
        TestModel.node("Sub", ["h", "m"], ["i"]),
        TestModel.node("Concat", ["i", "d"], ["j"], ["axis": .int(1)]),
        TestModel.node("Gemm", ["j", "w3"], ["k"]), TestModel.node("Softmax", ["k"], ["y"]),
      ],
      [
        TestModel.floats("w1", [4, 5], TestModel.random(20, scale: 1, &random)),
        TestModel.floats("w2", [4, 5], TestModel.random(20, scale: 1, &random)),
        TestModel.floats("w3", [10, 3], TestModel.random(30, scale: 1, &random)),
      ], sample: [4], opset: 17)
  }

  static let cases =
    [
      "Relu", "Sigmoid", "Tanh", "Softplus", "Erf", "Gelu", "Mish", "Elu", "Softsign", "Atan",
      "Sin",
      "Exp", "HardSigmoid", "HardSwish", "Abs", "Neg", "Cosh", "Selu", "Asinh", "Cos",
    ].map { dense($0) } + [
      dense("LeakyRelu", ["alpha": .float(0.1)]), dense("LeakyRelu", ["alpha": .float(-0.5)]),
      meeting, quantised,
      Case(name: "convolutions", sample: [1, 8, 8]) { TestModel.convolutional(seed: seed) },
      Case(name: "smooth convolutions", sample: [1, 8, 8]) {
        TestModel.convolutional(seed: seed, activation: "Tanh", endsInSoftmax: true)
      },
    ] + recurrentCases

  @Test(arguments: cases)
  func samplesNeverLeaveTheBounds(_ example: Case) throws {
    let network = try TestModel.network(example.model())
    var random = SeededRandom(seed: Self.seed).stream(named: example.name, 1)
    let count = example.sample.reduce(1, *)
    let isLarge = count > 10
    for (round, radius) in [0.001, 0.05, 0.5].enumerated() {
      let centre = (0..<count).map { _ in random.uniform() * 2 - 1 }
      let low = centre.map { Double(Float($0 - radius)) }
      let high = centre.map { Double(Float($0 + radius)) }
      let shape = [1] + network.input.shape
      let box = IntervalTensor(
        lower: Tensor(shape: shape, elements: low), upper: Tensor(shape: shape, elements: high))
      let intervals = try network.bounds(over: box)
      let lines = try network.linearBounds(over: box)
      for i in lines.lower.elements.indices {
        #expect(lines.lower.elements[i] >= intervals.lower.elements[i])
        #expect(lines.upper.elements[i] <= intervals.upper.elements[i])
      }
      let samples = isLarge ? Self.points / 20 : Self.points / 3
      let points = (0..<samples * count).map { place -> Float in
        let (a, b) = (low[place % count], high[place % count])
        let share = random.uniform()
        return Float(share < 0.15 ? a : share > 0.85 ? b : a + (b - a) * share)
      }
      let values = try network.outputs(
        for: Tensor(shape: [samples] + network.input.shape, elements: points))
      let width = lines.lower.count
      var worst = 0.0
      for (place, y) in values.elements.enumerated() {
        worst = max(
          worst, lines.lower.elements[place % width] - Double(y),
          Double(y) - lines.upper.elements[place % width])
      }
      #expect(worst <= 0, "a sample lies \(worst) outside, seed \(Self.seed), round \(round)")
    }
  }

  // MARK: Closed forms

  /// A network without kinks is its own bound: a linear function has its extremes in corners.
  @Test func linearNetworksAreBoundedExactly() throws {
    var random = SeededRandom(seed: Self.seed).stream("linear", 0)
    let (a, b) = (
      TestModel.random(20, scale: 1, &random), TestModel.random(15, scale: 1, &random)
    )
    let network = try TestModel.network(
      TestModel.model(
        [
          TestModel.node("MatMul", ["x", "a"], ["m"]), TestModel.node("MatMul", ["m", "b"], ["y"]),
        ], [TestModel.floats("a", [4, 5], a), TestModel.floats("b", [5, 3], b)], sample: [4]))
    let box = IntervalTensor(
      lower: Tensor(shape: [1, 4], elements: [-1, 0, 0.5, -2]),
      upper: Tensor(shape: [1, 4], elements: [1, 0.25, 0.75, 2]))
    let bounds = try network.linearBounds(over: box)
    for output in 0..<3 {
      var (low, high) = (0.0, 0.0)
      for input in 0..<4 {
        let factor = (0..<5).reduce(0.0) {
          $0 + Double(a[input * 5 + $1]) * Double(b[$1 * 3 + output])
        }
        let ends = [factor * box.lower.elements[input], factor * box.upper.elements[input]]
        low += min(ends[0], ends[1])
        high += max(ends[0], ends[1])
      }
      #expect(bounds.lower.elements[output] <= low && low - bounds.lower.elements[output] < 1e-5)
      #expect(bounds.upper.elements[output] >= high && bounds.upper.elements[output] - high < 1e-5)
    }
  }

  /// A constant that an engine computes in `Float` is not quite the one in `Double`: bounds over a single point hold
  /// both results.
  @Test func constantsFoldedInFloatAreCovered() throws {
    var random = SeededRandom(seed: Self.seed).stream("folded", 0)
    let network = try TestModel.network(
      TestModel.model(
        [
          TestModel.node("Mul", ["a", "b"], ["w"]), TestModel.node("Exp", ["c"], ["d"]),
          TestModel.node("MatMul", ["x", "w"], ["m"]), TestModel.node("Add", ["m", "d"], ["y"]),
        ],
        [
          TestModel.floats("a", [3, 40], TestModel.random(120, scale: 1, &random)),
          TestModel.floats("b", [3, 40], TestModel.random(120, scale: 1, &random)),
          TestModel.floats("c", [40], TestModel.random(40, scale: 3, &random)),
        ], sample: [3]))
    var differ = 0
    for _ in 0..<50 {
      let point = TestModel.random(3, scale: 1, &random)
      let exact = point.map { Double($0) }
      let box = IntervalTensor(Tensor(shape: [1, 3], elements: exact))
      let float = try network.outputs(for: Tensor(shape: [1, 3], elements: point)).elements
      let double = try network.outputs(for: Tensor(shape: [1, 3], elements: exact)).elements
      for bounds in [try network.linearBounds(over: box), try network.bounds(over: box)] {
        for i in float.indices {
          let range = bounds.lower.elements[i]...bounds.upper.elements[i]
          #expect(range.contains(Double(float[i])) && range.contains(double[i]), "seed 11")
          if Double(float[i]) != double[i] { differ += 1 }
        }
      }
    }
    #expect(differ > 0)
  }

  /// A normalisation that our engine folds into the layer before it starts the chain from a bias that may be far
  /// greater than the products: bounds over a single point hold the folded result and the one step by step.
  @Test func foldedNormalisationsAreCovered() throws {
    var random = SeededRandom(seed: Self.seed).stream("normalisation", 0)
    let network = try TestModel.network(
      TestModel.model(
        [
          TestModel.node("MatMul", ["x", "w"], ["m"]),
          TestModel.node(
            "BatchNormalization", ["m", "scale", "beta", "mean", "variance"], ["y"]),
        ],
        [
          TestModel.floats("w", [8, 40], TestModel.random(320, scale: 1, &random)),
          TestModel.floats("scale", [40], TestModel.random(40, scale: 1, &random)),
          TestModel.floats("beta", [40], TestModel.random(40, scale: 300, &random)),
          TestModel.floats("mean", [40], TestModel.random(40, scale: 300, &random)),
          TestModel.floats("variance", [40], Array(repeating: 0.7, count: 40)),
        ], sample: [8]))
    #expect(network.fusedNodes.count == 1)
    var differ = 0
    for _ in 0..<50 {
      let point = TestModel.random(8, scale: 1, &random)
      let box = IntervalTensor(Tensor(shape: [1, 8], elements: point.map { Double($0) }))
      let input = Tensor(shape: [1, 8], elements: point)
      let folded = try network.outputs(for: input).elements
      let literal = try network.literalOutputs(for: input).elements
      for bounds in [try network.linearBounds(over: box), try network.bounds(over: box)] {
        for i in folded.indices {
          let range = bounds.lower.elements[i]...bounds.upper.elements[i]
          #expect(
            range.contains(Double(folded[i])) && range.contains(Double(literal[i])), "seed 11")
          if folded[i] != literal[i] { differ += 1 }
        }
      }
    }
    #expect(differ > 0)
  }

  /// Steps and states that are followed back to the input are bounded far better than by intervals.
  @Test(arguments: recurrentCases)
  func recurrentLayersAreUnrolled(_ example: Case) throws {
    let network = try TestModel.network(example.model())
    let shape = [1] + network.input.shape
    let box = IntervalTensor(
      lower: Tensor(repeating: 0.2, shape: shape), upper: Tensor(repeating: 0.21, shape: shape))
    let intervals = try network.bounds(over: box)
    let lines = try network.linearBounds(over: box)
    for i in lines.lower.elements.indices {
      let width = lines.upper.elements[i] - lines.lower.elements[i]
      #expect(width < 0.75 * (intervals.upper.elements[i] - intervals.lower.elements[i]))
    }
  }

  /// Planes over a value and a constant count the constant.
  @Test func constantsUnderPlanesCount() throws {
    for (operation, expected) in [("Max", -5.0), ("Min", -9.5)] {
      let network = try TestModel.network(
        TestModel.model(
          [
            TestModel.node(operation, ["x", "c"], ["m"]),
            TestModel.node("MatMul", ["m", "w"], ["y"]),
          ],
          [TestModel.floats("c", [1], [-5]), TestModel.floats("w", [2, 1], [1, 0])], sample: [2]))
      let point = IntervalTensor(Tensor<Double>(shape: [1, 2], elements: [-9.5, -9.5]))
      let propagation = try LinearPropagation(network)
      let state = propagation.relaxed(
        over: BoxBatch(lower: [-10, -10], upper: [-9, -9], count: 1))
      let line = propagation.lowerBounds(outputs: [1], constants: [0], boxes: [0], in: state)
      #expect(line.bounds[0] <= (operation == "Max" ? -5 : -10))
      let upper = propagation.lowerBounds(outputs: [-1], constants: [0], boxes: [0], in: state)
      #expect(-upper.bounds[0] >= (operation == "Max" ? -5 : -9))
      let exact = try network.linearBounds(over: point)
      #expect(abs(exact.lower.elements[0] - expected) < 1e-4)
      #expect(abs(exact.upper.elements[0] - expected) < 1e-4)
    }
  }

  /// Rows that hold only the columns they can reach give what rows of all columns give.
  @Test func receptiveFieldsGiveWhatWholeRowsGive() throws {
    let network = try TestModel.network(TestModel.convolutional(seed: Self.seed))
    let propagation = try LinearPropagation(network, covering: .exact)
    #expect(propagation.fields.contains { $0 != nil })
    var whole = propagation
    whole.fields = Array(repeating: nil, count: propagation.fields.count)
    var random = SeededRandom(seed: Self.seed).stream("fields", 0)
    let low = (0..<3 * 64).map { _ in random.uniform() }
    let boxes = BoxBatch(lower: low, upper: low.map { $0 + 0.1 }, count: 3)
    let (narrow, wide) = (
      propagation.outputBounds(in: propagation.relaxed(over: boxes)),
      whole.outputBounds(in: whole.relaxed(over: boxes))
    )
    for (a, b) in zip(narrow.lower + narrow.upper, wide.lower + wide.upper) {
      #expect(abs(a - b) <= 1e-9 * max(1, abs(b)), "seed \(Self.seed)")
    }
  }

  /// Boxes of a batch have the bits they have alone.
  @Test func boxesOfABatchStayApart() throws {
    let convolutions = Case(name: "convolutions", sample: [1, 8, 8]) {
      TestModel.convolutional(seed: Self.seed)
    }
    for example in [
      Self.dense("Relu"), Self.dense("Tanh"), Self.meeting, Self.quantised, convolutions,
    ] {
      let network = try TestModel.network(example.model())
      let propagation = try LinearPropagation(network)
      #expect(propagation.isBatched)
      let width = propagation.inputWidth
      var random = SeededRandom(seed: Self.seed).stream("boxes", 0)
      let low = (0..<5 * width).map { _ in random.uniform() - 1 }
      let high = low.map { $0 + random.uniform() }
      let all = propagation.outputBounds(
        in: propagation.relaxed(over: BoxBatch(lower: low, upper: high, count: 5)))
      for box in 0..<5 {
        let range = box * width..<(box + 1) * width
        let own = propagation.outputBounds(
          in: propagation.relaxed(
            over: BoxBatch(lower: Array(low[range]), upper: Array(high[range]), count: 1)))
        let outputs = own.lower.count
        #expect(own.lower == Array(all.lower[box * outputs..<(box + 1) * outputs]), "\(example)")
        #expect(own.upper == Array(all.upper[box * outputs..<(box + 1) * outputs]), "\(example)")
      }
    }
  }

  /// A sample whose first axis is part of it is bounded box by box.
  @Test func wholeInputsAreBoundedToo() throws {
    var random = SeededRandom(seed: Self.seed).stream("whole", 0)
    let network = try TestModel.network(
      TestModel.model(
        [
          TestModel.node("MatMul", ["x", "w"], ["a"]), TestModel.node("Relu", ["a"], ["b"]),
          TestModel.node("Transpose", ["b"], ["t"]), TestModel.node("MatMul", ["t", "v"], ["y"]),
        ],
        [
          TestModel.floats("w", [2, 4], TestModel.random(8, scale: 1, &random)),
          TestModel.floats("v", [3, 2], TestModel.random(6, scale: 1, &random)),
        ], inputs: [ONNXValue(name: "x", elementType: 1, shape: [.fixed(3), .fixed(2)])]))
    #expect(try LinearPropagation(network).isBatched == false)
    let low = (0..<6).map { _ in random.uniform() - 0.5 }
    let box = IntervalTensor(
      lower: Tensor(shape: [1, 3, 2], elements: low),
      upper: Tensor(shape: [1, 3, 2], elements: low.map { $0 + 0.3 }))
    let bounds = try network.linearBounds(over: box)
    let points = Tensor(
      shape: [200, 3, 2], elements: (0..<1_200).map { low[$0 % 6] + 0.3 * random.uniform() })
    for (place, y) in try network.outputs(for: points).elements.enumerated() {
      let i = place % bounds.lower.count
      #expect(bounds.lower.elements[i] <= y && y <= bounds.upper.elements[i])
    }
  }

  /// Slopes of their own never loosen a row, and every row stays below sampled values.
  @Test func optimisedSlopesTightenAndStaySound() throws {
    let network = try TestModel.network(Self.dense("Relu").model())
    let propagation = try LinearPropagation(network)
    var random = SeededRandom(seed: Self.seed).stream("slopes", 0)
    let low = (0..<6).map { _ in random.uniform() - 1 }
    let high = low.map { $0 + 0.8 }
    let state = propagation.relaxed(over: BoxBatch(lower: low, upper: high, count: 1))
    let rows: [Double] = [1, 0, 0, 0, -1, 1, -1, -1, -1]
    let plain = propagation.lowerBounds(
      outputs: rows, constants: [-10, -10, -10], boxes: [0, 0, 0], in: state)
    let better = propagation.optimised(
      LinearPropagation.Specification(
        outputs: rows, inputs: [], constants: [-10, -10, -10], boxes: [0, 0, 0]), in: state,
      steps: 20)
    #expect(zip(plain.bounds, better.bounds).allSatisfy { $0 <= $1 })
    #expect(plain.bounds != better.bounds)
    let count = 3_000
    let points = (0..<count * 6).map { low[$0 % 6] + 0.8 * random.uniform() }
    let values = try network.outputs(for: Tensor(shape: [count, 6], elements: points)).elements
    for point in 0..<count {
      for row in 0..<3 {
        let value = (0..<3).reduce(-10.0) { $0 + rows[row * 3 + $1] * values[point * 3 + $1] }
        #expect(value >= better.bounds[row], "seed \(Self.seed)")
      }
    }
  }
}

import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Networks as sums and maxima: the same values, in as few maxima as there can be.
@Suite struct PiecewiseLinearFormTests {
  private static let seed: UInt64 = 23

  /// A dense layer of eight, pooled by fours, between other nodes.
  private static func network(_ nodes: [ONNXNode], _ width: Int) throws -> Network {
    var random = SeededRandom(seed: seed)
    func floats(_ name: String, _ shape: [Int]) -> ONNXTensor {
      TestModel.floats(
        name, shape, (0..<shape.reduce(1, *)).map { _ in Float(random.uniform() * 2 - 1) })
    }
    let constants = [
      floats("w", [3, 8]), floats("b", [8]), floats("v", [width, 3]), floats("d", [3]),
      TestModel.ints("s", [-1, 1, 8]),
    ]
    return try TestModel.network(
      TestModel.model(
        [TestModel.node("Gemm", ["x", "w", "b"], ["a"])] + nodes
          + [TestModel.node("Gemm", ["h", "v", "d"], ["y"])], constants, sample: [3]))
  }

  private static func pool(_ input: String, _ output: String) -> [ONNXNode] {
    [
      TestModel.node("Reshape", [input, "s"], ["\(output)s"]),
      TestModel.node(
        "MaxPool", ["\(output)s"], ["\(output)p"],
        ["kernel_shape": .ints([4]), "strides": .ints([4])]),
      TestModel.node("Flatten", ["\(output)p"], [output]),
    ]
  }

  /// max(left, right) as right + max(0, left − right).
  private static func written(_ left: String, _ right: String, _ output: String) -> [ONNXNode] {
    [
      TestModel.node("Sub", [left, right], ["\(output)d"]),
      TestModel.node("Relu", ["\(output)d"], ["\(output)r"]),
      TestModel.node("Add", ["\(output)r", right], [output]),
    ]
  }

  private static func parts(_ input: String, _ count: Int) -> ONNXNode {
    TestModel.node(
      "Split", [input], (0..<count).map { "\(input)\($0)" }, ["axis": .int(1)])
  }

  struct Case: Sendable, CustomStringConvertible {
    var description: String
    /// From "a" to "h", and the width of "h".
    var nodes: @Sendable () -> [ONNXNode]
    var width: Int
    var maxima: Int
    var candidates: Int
  }

  static let cases: [Case] = [
    Case(
      description: "rectifiers",
      nodes: { [TestModel.node("Relu", ["a"], ["h"])] }, width: 8, maxima: 8, candidates: 16),
    Case(
      description: "pooled rectifiers",
      nodes: { [TestModel.node("Relu", ["a"], ["r"])] + pool("r", "h") }, width: 2, maxima: 2,
      candidates: 10),
    Case(
      description: "a rectified pool",
      nodes: { pool("a", "p") + [TestModel.node("Relu", ["p"], ["h"])] }, width: 2, maxima: 2,
      candidates: 10),
    Case(
      description: "a pool of rectifiers that are read elsewhere, too",
      nodes: {
        [TestModel.node("Relu", ["a"], ["r"])] + pool("r", "p")
          + [TestModel.node("Concat", ["r", "p"], ["h"], ["axis": .int(1)])]
      }, width: 10, maxima: 10, candidates: 26),
    Case(
      description: "a pool written with rectifiers",
      nodes: {
        [parts("a", 4)] + written("a0", "a1", "m0") + written("a2", "a3", "m1")
          + written("m0", "m1", "m") + [TestModel.node("Relu", ["m"], ["h"])]
      }, width: 2, maxima: 2, candidates: 10),
    Case(
      description: "a maximum of four tensors",
      nodes: { [parts("a", 4), TestModel.node("Max", ["a0", "a1", "a2", "a3"], ["h"])] },
      width: 2, maxima: 2, candidates: 8),
    Case(
      description: "a minimum of four tensors",
      nodes: { [parts("a", 4), TestModel.node("Min", ["a0", "a1", "a2", "a3"], ["h"])] },
      width: 2, maxima: 2, candidates: 8),
  ]

  @Test(arguments: cases)
  func valuesAgreeInFewMaxima(_ item: Case) throws {
    let network = try Self.network(item.nodes(), item.width)
    let propagation = try LinearPropagation(network, covering: .exact)
    let reach = 8.0
    let state = propagation.relaxed(
      over: BoxBatch(lower: [-reach, -reach, -reach], upper: [reach, reach, reach], count: 1))
    let form = try propagation.piecewiseLinear(
      over: state, outputs: [1, 0, 0, 0, 1, 0, 0, 0, 1], constants: [0, 0, 0])
    #expect(form.maxima.count == item.maxima)
    #expect(form.maxima.reduce(0) { $0 + $1.candidates.count } == item.candidates)
    var random = SeededRandom(seed: Self.seed).stream("points", 0)
    for _ in 0..<100 {
      let input = (0..<3).map { _ in Float(random.uniform() * 2 - 1) * Float(reach) }
      var variables = input.map { Double($0) }
      func value(_ row: PiecewiseLinearForm.Row) -> Double {
        row.terms.reduce(row.lower / 2 + row.upper / 2) {
          $0 + $1.factor * variables[$1.variable]
        }
      }
      for maximum in form.maxima {
        let values = maximum.candidates.map { value($0.row) }
        for (candidate, value) in zip(maximum.candidates, values) {
          #expect(candidate.lower <= value + 1e-9 && value <= candidate.upper + 1e-9)
        }
        variables.append(values.reduce(-.infinity, max))
      }
      let outputs = try network.outputs(for: Tensor(shape: [1, 3], elements: input)).elements
      for (row, output) in zip(form.rows, outputs) {
        #expect(abs(value(row) - Double(output)) < 1e-4, "seed \(Self.seed)")
      }
    }
  }
}

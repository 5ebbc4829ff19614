import Dispatch
import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import Synchronization
import TensorCore
import Testing

/// The same bits by every kernel path, whatever the batch and the number of jobs, and whether a model is run for the
/// first time or by the program that was made for its inputs.
@Suite struct SameBitsTests {
  /// Values as bytes, so that even the signs of zeros must agree; what a NaN carries is left out.
  private static func bits(_ outputs: [ModelEvaluator.Output]) -> [[UInt64]] {
    outputs.map { output in
      guard let numbers = output.value.tensor as? any NumericTensor else { return [] }
      return numbers.reals.map { $0.isNaN ? .max : $0.bitPattern }
    }
  }

  private static func bits(_ tensor: Tensor<Float>) -> [UInt32] {
    tensor.elements.map { $0.isNaN ? .max : $0.bitPattern }
  }

  /// What each of several jobs that run at the same time gives, in their order.
  private static func jobs<T: Sendable>(
    _ count: Int, _ work: @Sendable (Int) throws -> T
  ) throws -> [T] {
    let results = Mutex([Int: Result<T, any Error>]())
    DispatchQueue.concurrentPerform(iterations: count) { job in
      let result = Result { try work(job) }
      results.withLock { $0[job] = result }
    }
    let all = results.withLock { results in (0..<count).compactMap { results[$0] } }
    return try all.map { try $0.get() }
  }

  /// Runs a model by each path, three times each: as its file says, then as specialised programs.
  private func check(
    _ model: ONNXModel, shapes: [String: [Int]] = [:], _ label: String
  ) throws {
    var diagnostics = Diagnostics()
    var evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
    let values = try ReferenceFill.values(for: evaluator.inputs, shapes: shapes)
    let first = Self.bits(try evaluator.run(values))
    for path in [KernelPath.fastest] + KernelPath.available {
      evaluator.kernelPath = path
      for round in 0..<3 {
        #expect(Self.bits(try evaluator.run(values)) == first, "\(label): \(path), run \(round)")
      }
    }
    // Two jobs with one evaluator between them, as a batch of inputs is run.
    evaluator.kernelPath = .fastest
    let shared = evaluator
    let together = try Self.jobs(2) { _ in Self.bits(try shared.run(values)) }
    #expect(together.allSatisfy { $0 == first }, "\(label): two jobs")
    // A model that can be planned: seven samples together, alone, and by each path.
    guard var network = try? Network(planning: model, reportingTo: &diagnostics) else { return }
    let count = network.input.shape.reduce(1, *)
    let x = Tensor(
      shape: [7] + network.input.shape,
      elements: (0..<7 * count).map { Float(($0 * 37) % 101 - 50) / 50 })
    let whole = Self.bits(try network.outputs(for: x))
    for path in KernelPath.available {
      network.kernelPath = path
      #expect(Self.bits(try network.outputs(for: x)) == whole, "\(label): \(path)")
    }
    network.kernelPath = .fastest
    let planned = network
    for cut in [1, 4] {
      let halves = try Self.jobs(2) { job in
        Self.bits(try planned.outputs(for: x.rows(job == 0 ? 0..<cut : cut..<7)))
      }
      #expect(halves.flatMap(\.self) == whole, "\(label): two jobs, cut after \(cut) rows")
    }
    if planned.isRowwise, evaluator.inputs.count == 1,
      case .dynamic? = evaluator.inputs[0].shape?.first
    {
      let name = planned.input.name
      let batch = Self.bits(try shared.run([name: .tensor(x)]))
      let halves = try Self.jobs(2) { job in
        Self.bits(try shared.run([name: .tensor(x.rows(job == 0 ? 0..<3 : 3..<7))]))
      }
      for (output, bits) in batch.enumerated() {
        #expect(halves.flatMap { $0[output] } == bits, "\(label): two jobs, output \(output)")
      }
    }
    for row in 0..<7 {
      let alone = Self.bits(try network.outputs(for: x.rows(row..<row + 1)))
      let width = whole.count / 7
      #expect(alone == Array(whole[row * width..<(row + 1) * width]), "\(label): row \(row)")
    }
  }

  @Test(arguments: LoweredModel.all)
  func generatedModels(_ item: LoweredModel) throws {
    try check(item.model(), item.name)
    try check(item.model(), shapes: ["x": [7] + LoweredModel.sample(of: item.model())], item.name)
  }

  @Test func aQuantisedModel() throws {
    let scale = TestModel.floats("scale", [], [0.05])
    let zero = TestModel.tensor("zero", Tensor<UInt8>(shape: [], elements: [128]))
    let weights = TestModel.tensor(
      "w", Tensor<Int8>(shape: [6, 4], elements: (0..<24).map { Int8($0 * 11 % 50 - 25) }))
    let model = TestModel.model(
      [
        TestModel.node("QuantizeLinear", ["x", "scale", "zero"], ["q"]),
        TestModel.node("DequantizeLinear", ["w", "scale"], ["v"]),
        TestModel.node("DequantizeLinear", ["q", "scale", "zero"], ["d"]),
        TestModel.node("MatMul", ["d", "v"], ["m"]),
        TestModel.node("QuantizeLinear", ["m", "scale", "zero"], ["y"]),
      ], [scale, zero, weights], sample: [6])
    try check(model, "quantised")
  }

  /// Integers before reals, shapes that are computed, and a branch that only the shape decides.
  @Test func aModelWithIntegersAndABranch() throws {
    func graph(_ name: String, _ operation: String) -> ONNXGraph {
      ONNXGraph(
        name: name, nodes: [TestModel.node(operation, ["m"], [name])], initializers: [],
        inputs: [], outputs: [ONNXValue(name: name, elementType: 1, shape: nil)])
    }
    let model = TestModel.model(
      [
        TestModel.node("Cast", ["x"], ["f"], ["to": .int(1)]),
        TestModel.node("MatMul", ["f", "w"], ["m"]),
        TestModel.node("Shape", ["m"], ["s"]), TestModel.node("Gather", ["s", "one"], ["n"]),
        TestModel.node("Equal", ["n", "four"], ["c"]),
        TestModel.node(
          "If", ["c"], ["b"],
          ["then_branch": .graph(graph("t", "Relu")), "else_branch": .graph(graph("e", "Neg"))]),
        TestModel.node("Concat", ["n1", "minus"], ["shape"], ["axis": .int(0)]),
        TestModel.node("Reshape", ["b", "shape"], ["y"]),
      ],
      [
        TestModel.floats("w", [3, 4], (0..<12).map { Float($0) - 5.5 }),
        TestModel.tensor("one", TestModel.integers([], [1])),
        TestModel.tensor("four", TestModel.integers([], [4])), TestModel.ints("n1", [4]),
        TestModel.ints("minus", [-1]),
      ],
      inputs: [ONNXValue(name: "x", elementType: 6, shape: [.dynamic("N"), .fixed(3)])])
    try check(model, "branch")
    try check(model, shapes: ["x": [5, 3]], "branch")
  }

  /// Inputs of other shapes after the program for the first ones was made.
  @Test func anotherShapeIsNotRunByAProgramForTheFirst() throws {
    var diagnostics = Diagnostics()
    let item = LoweredModel.all[0]
    let evaluator = try ModelEvaluator(preparing: item.model(), reportingTo: &diagnostics)
    for count in [1, 1, 1, 3, 3, 3, 1] {
      let values = try ReferenceFill.values(for: evaluator.inputs, shapes: ["x": [count, 7]])
      let fresh = try ModelEvaluator(preparing: item.model(), reportingTo: &diagnostics)
      #expect(Self.bits(try evaluator.run(values)) == Self.bits(try fresh.run(values)))
    }
  }

  static let gauge = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("models/gauge-reader/model.onnx")

  @Test func theGaugeReader() throws {
    let document = try NodeConformanceTests.document(Self.gauge, name: "gauge-reader")
    try check(try ONNXModel(reading: document), "gauge-reader")
  }

  @Test(.enabled(if: CorpusModelTests.isThere, "the corpus is not beside the checkout"))
  func everyModelOfTheCorpus() throws {
    var done: Set<String> = []
    for item in try CorpusModelTests.expectations() where done.insert(item.path).inserted {
      let file = NodeConformanceTests.shared.appendingPathComponent("corpus")
        .appendingPathComponent(item.path)
      let model = try ONNXModel(reading: try NodeConformanceTests.document(file, name: item.path))
      try check(model, shapes: item.inputs, item.path)
    }
    #expect(done.count > 50)
  }
}

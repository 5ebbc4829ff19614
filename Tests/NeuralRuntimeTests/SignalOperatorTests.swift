import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Transforms, regions, n-grams and quantised functions with answers that can be reckoned by hand.
@Suite struct SignalOperatorTests {
  private func evaluate(
    _ operation: String, _ operands: [any AnyTensor], _ attributes: [String: ONNXAttribute] = [:],
    parameters: [String: any AnyTensor] = [:], opset: Int = 17, domain: String = ""
  ) throws -> any AnyTensor {
    let entry = try #require(
      OperatorRegistry.standard.entry(for: operation, domain: domain, opset: opset))
    let node = TestModel.node(operation, [], ["y"], attributes, name: "n", domain: domain)
    let made = try entry.family.init(OperatorNode(node, opset: opset, parameters: parameters))
    var budget = EvaluationBudget()
    let results = try made.evaluate(operands.map { .tensor($0) }, within: &budget)
    return try #require(results[0].tensor)
  }

  private func floats(_ shape: [Int], _ elements: [Float]) -> Tensor<Float> {
    Tensor(shape: shape, elements: elements)
  }

  private func integer(_ value: Int64) -> any AnyTensor { Tensor(shape: [], elements: [value]) }

  private func expect(
    _ tensor: any AnyTensor, _ shape: [Int], _ wanted: [Float], within room: Float = 1e-6
  ) {
    let elements = (tensor as? Tensor<Float>)?.elements ?? []
    #expect(tensor.shape == shape)
    #expect(
      elements.count == wanted.count
        && zip(elements, wanted).allSatisfy { abs($0 - $1) <= room }, "\(elements)")
  }

  @Test func anImpulseHasAFlatSpectrumAndComesBack() throws {
    let spectrum = try evaluate("DFT", [floats([1, 4, 1], [1, 0, 0, 0])])
    expect(spectrum, [1, 4, 2], [1, 0, 1, 0, 1, 0, 1, 0])
    let back = try evaluate("DFT", [spectrum], ["inverse": .int(1)])
    expect(back, [1, 4, 2], [1, 0, 0, 0, 0, 0, 0, 0])
    #expect(throws: Diagnostic.self) {
      try evaluate("DFT", [spectrum], ["inverse": .int(1), "onesided": .int(1)])
    }
  }

  @Test func framesAreWindowedAndTransformed() throws {
    let spectrum = try evaluate(
      "STFT", [floats([1, 4, 1], [1, 2, 3, 4])],
      parameters: ["frame_step": integer(2), "window": floats([2], [1, 0.5])])
    // Frames (1, 1) and (3, 2): sums and differences.
    expect(spectrum, [1, 2, 2, 2], [2, 0, 0, 0, 5, 0, 1, 0])
  }

  @Test func bandsShareTheBinsOfASpectrum() throws {
    let weights = try evaluate(
      "MelWeightMatrix",
      [integer(2), integer(8), integer(8_192), floats([], [0]), floats([], [4_096])])
    #expect(weights.shape == [5, 2])
    let elements = try #require(weights as? Tensor<Float>).elements
    #expect(elements.allSatisfy { $0 >= 0 && $0 <= 1 } && elements.contains(1))
  }

  @Test func theIdentityMapsAGridToItself() throws {
    let grid = try evaluate(
      "AffineGrid", [floats([1, 2, 3], [1, 0, 0, 0, 1, 0])], ["align_corners": .int(1)],
      parameters: ["size": Tensor<Int64>(shape: [4], elements: [1, 1, 2, 3])], opset: 20)
    expect(grid, [1, 2, 3, 2], [-1, -1, 0, -1, 1, -1, -1, 1, 0, 1, 1, 1])
  }

  @Test func blocksThatOverlapAddUp() throws {
    let image = try evaluate(
      "Col2Im", [floats([1, 2, 2], [1, 2, 3, 4])],
      parameters: [
        "image_shape": Tensor<Int64>(shape: [1], elements: [3]),
        "block_shape": Tensor<Int64>(shape: [1], elements: [2]),
      ], opset: 18)
    expect(image, [1, 1, 3], [1, 5, 4])
  }

  @Test func determinantsHaveTheSignOfTheExchange() throws {
    expect(try evaluate("Det", [floats([2, 2, 2], [1, 2, 3, 4, 0, 1, 1, 0])]), [2], [-2, -1])
    #expect(throws: Diagnostic.self) { try evaluate("Det", [floats([2, 3], [1, 2, 3, 4, 5, 6])]) }
  }

  @Test func nGramsAreCountedWithGaps() throws {
    let attributes: [String: ONNXAttribute] = [
      "min_gram_length": .int(1), "max_gram_length": .int(2), "max_skip_count": .int(1),
      "ngram_counts": .ints([0, 2]), "ngram_indexes": .ints([0, 1, 2]),
      "pool_int64s": .ints([5, 7, 5, 7]),
    ]
    let words = Tensor<Int64>(shape: [4], elements: [5, 6, 7, 5])
    expect(try evaluate("TfIdfVectorizer", [words], attributes), [3], [2, 1, 1])
    let weighted = attributes.merging([
      "mode": .string("TFIDF"), "weights": .floats([0.5, 2, 3]),
    ]) { $1 }
    expect(try evaluate("TfIdfVectorizer", [words], weighted), [3], [1, 2, 3])
  }

  @Test func aRegionOfAnEvenMapIsEven() throws {
    let map = floats([1, 1, 4, 4], Array(repeating: 3, count: 16))
    let pooled = try evaluate(
      "RoiAlign",
      [map, floats([1, 4], [0.5, 0.5, 2.5, 3]), Tensor<Int64>(shape: [1], elements: [0])],
      ["output_height": .int(2), "output_width": .int(2), "sampling_ratio": .int(2)])
    expect(pooled, [1, 1, 2, 2], [3, 3, 3, 3])
  }

  @Test func quantisedSumsAreRoundedToSteps() throws {
    let (half, zero) = (floats([], [0.5]), Tensor<UInt8>(shape: [], elements: [0]))
    let y = try evaluate(
      "QLinearAdd",
      [
        Tensor<UInt8>(shape: [3], elements: [1, 3, 250]), half, zero,
        Tensor<UInt8>(shape: [3], elements: [2, 2, 250]), half, zero, floats([], [1]), zero,
      ], opset: 1, domain: "com.microsoft")
    // 1.5 and 2.5 go to the even step, 250 saturates nothing.
    #expect((y as? Tensor<UInt8>)?.elements == [2, 2, 250])
  }

  @Test func aGraphIsMappedOverASequence() throws {
    let files = try HostileFileTests.files(in: "Seeds")
    let bytes = try #require(files.first { $0.name.contains("map-over-a-sequence") }).bytes
    var diagnostics = Diagnostics()
    let model = try ONNXModel(reading: InputDocument(name: "map.onnx", bytes: bytes))
    let evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
    let outputs = try evaluator.run([
      "a": .tensor(floats([2, 3], [0, 0, 0, 0, 0, 0])),
      "b": .tensor(floats([4, 3], Array(repeating: 0, count: 12))),
    ])
    guard case .tensor(let y) = outputs[0].value else {
      Issue.record("the result is no tensor")
      return
    }
    expect(y, [6, 3], Array(repeating: 1, count: 18))
  }

  @Test func quantisedStepsPlanButArithmeticOnThemDoesNot() throws {
    func model(between operation: String) -> ONNXModel {
      TestModel.model(
        [
          TestModel.node("QuantizeLinear", ["x", "s", "z"], ["q"]),
          TestModel.node(operation, ["q"] + (operation == "Add" ? ["q"] : []), ["r"]),
          TestModel.node("DequantizeLinear", ["r", "s", "z"], ["y"]),
        ],
        [
          TestModel.floats("s", [], [0.5]),
          TestModel.tensor("z", Tensor(shape: [], elements: [Int8(1)])),
        ], sample: [3])
    }
    let network = try TestModel.network(model(between: "Identity"))
    let x = floats([1, 3], [0.3, 0.8, 100])
    #expect(try network.outputs(for: x).elements == [0.5, 1, 63])
    #expect(try network.gradient(at: x) { $0 }.gradient.elements == [0.5, 1, 0])
    let box = IntervalTensor(
      lower: Tensor(shape: [1, 3], elements: [0.3, 0.3, 0.3]),
      upper: Tensor(shape: [1, 3], elements: [0.3, 1.3, 100]))
    let bounds = try network.bounds(over: box)
    #expect(bounds.lower.elements.allSatisfy { abs($0 - 0.5) < 1e-6 })
    #expect(zip(bounds.upper.elements, [0.5, 1.5, 63]).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(throws: Diagnostic.self) { try TestModel.network(model(between: "Add")) }
  }
}

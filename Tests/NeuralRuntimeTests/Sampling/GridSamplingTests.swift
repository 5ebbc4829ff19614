import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// GridSample with a known grid in planned networks, at its borders and ties, and over wide ranges of places.
@Suite struct GridSamplingTests {
  private static let seed: UInt64 = 31

  private func sampling(
    _ mode: String, _ padding: String, aligned: Bool = false
  ) throws -> any AffineOperator {
    let node = TestModel.node(
      "GridSample", [], ["y"],
      [
        "mode": .string(mode), "padding_mode": .string(padding),
        "align_corners": .int(aligned ? 1 : 0),
      ])
    let entry = OperatorRegistry.standard.entry(for: "GridSample", opset: 20)
    return try #require(
      try entry?.family.init(OperatorNode(node, opset: 20)) as? any AffineOperator)
  }

  private func line(_ values: [Double]) -> Tensor<Double> {
    Tensor(shape: [1, 1, values.count], elements: values)
  }

  private func grid(_ places: [Double]) -> Tensor<Double> {
    Tensor(shape: [1, places.count, 1], elements: places)
  }

  @Test func howeverFarOutTheBorderIsRead() throws {
    let far = grid([-1e30, -1e9, -3, 3, 1e9, 1e30, .infinity])
    for mode in ["nearest", "linear", "cubic"] {
      let y = try sampling(mode, "border").forward([line([4, 1, 7]), far], by: .fastest)[0]
      #expect(y.elements.map { ($0 * 1e9).rounded() / 1e9 } == [4, 4, 4, 7, 7, 7, 7])
      let outside = try sampling(mode, "zeros").forward([line([4, 1, 7]), far], by: .fastest)[0]
      #expect(outside.elements == [0, 0, 0, 0, 0, 0, 0])
    }
  }

  /// An engine may round a place between two elements to either side.
  @Test func bothNeighboursOfATieAreInTheRange() throws {
    let operation = try sampling("nearest", "zeros", aligned: true)
    let operands = [line([3, 5, 11]), grid([-0.5, 0, 0.25])].map { IntervalTensor($0) }
    let range = operation.interval(operands)[0]
    #expect(range.lower.elements[0] <= 3 && range.upper.elements[0] >= 5)
    #expect(range.lower.elements[1] > 4.99 && range.upper.elements[1] < 5.01)
    #expect(range.lower.elements[2] > 4.99 && range.upper.elements[2] < 5.01)
    // The map is that of the one side; what the other one changes is allowed for.
    let magnitudes = operation.magnitudes(operands)[0].elements
    let unit = OutwardRounding.gamma(operation.roundings(for: [[1, 1, 3], [1, 3, 1]]))
    #expect(magnitudes[0] * unit >= 2 && magnitudes[1] * unit < 0.01)
  }

  private func network(_ mode: String, _ padding: String) throws -> Network {
    var random = SeededRandom(seed: Self.seed)
    return try TestModel.network(
      TestModel.model(
        [
          TestModel.node(
            "GridSample", ["x", "grid"], ["s"],
            ["mode": .string(mode), "padding_mode": .string(padding)], name: "sample"),
          TestModel.node("Relu", ["s"], ["r"]),
          TestModel.node("Flatten", ["r"], ["f"]),
          TestModel.node("Gemm", ["f", "w"], ["y"]),
        ],
        [
          TestModel.floats("grid", [1, 3, 4, 2], TestModel.random(24, scale: 1.1, &random)),
          TestModel.floats("w", [24, 3], TestModel.random(72, scale: 0.5, &random)),
        ], sample: [2, 5, 4], opset: 20))
  }

  @Test(arguments: [("linear", "zeros"), ("cubic", "reflection"), ("nearest", "border")])
  func aKnownGridIsAnAffineMap(_ mode: String, _ padding: String) throws {
    let network = try network(mode, padding)
    #expect(network.isRowwise && network.isDifferentiable && network.isBounded)
    var random = SeededRandom(seed: Self.seed).stream("points", 0)
    let middle = TestModel.random(40, scale: 1, &random)
    let box = IntervalTensor(
      lower: Tensor(shape: [1, 2, 5, 4], elements: middle.map { Double($0) - 0.05 }),
      upper: Tensor(shape: [1, 2, 5, 4], elements: middle.map { Double($0) + 0.05 }))
    let interval = try network.bounds(over: box)
    let lines = try network.linearBounds(over: box)
    for _ in 0..<50 {
      let x = middle.map { $0 + Float(random.uniform() * 0.0999 - 0.04995) }
      let y = try network.outputs(for: Tensor(shape: [1, 2, 5, 4], elements: x)).elements
      for (index, y) in y.enumerated() {
        #expect(
          lines.lower.elements[index] <= Double(y) && Double(y) <= lines.upper.elements[index])
      }
    }
    func width(_ range: IntervalTensor) -> Double {
      zip(range.lower.elements, range.upper.elements).reduce(0) { $0 + $1.1 - $1.0 }
    }
    #expect(width(lines) <= width(interval) && width(lines) > 0)
    // Samples together have the bits that they have alone, forwards and backwards.
    let batch = Tensor<Float>(
      shape: [7, 2, 5, 4], elements: TestModel.random(280, scale: 1, &random))
    let together = try network.gradient(at: batch) { $0 }
    for row in 0..<7 {
      let alone = try network.gradient(at: batch.rows(row..<row + 1)) { $0 }
      #expect(alone.outputs == together.outputs.rows(row..<row + 1))
      #expect(alone.gradient == together.gradient.rows(row..<row + 1))
    }
  }

  /// Where places can be anywhere on a large plane, its whole range stands for what is read.
  @Test(arguments: ["nearest", "linear", "cubic"])
  func wideRangesOfPlacesAreHeldWithoutLookingEverywhere(_ mode: String) throws {
    var random = SeededRandom(seed: Self.seed)
    let operation = try sampling(mode, "reflection")
    let x = Tensor<Double>(
      shape: [1, 1, 64, 64], elements: TestModel.random(4_096, scale: 1, &random).map { Double($0) }
    )
    for reach in [0.02, 0.3, 3, 1e12] {
      let places = IntervalTensor(
        lower: Tensor(repeating: -reach, shape: [1, 4, 4, 2]),
        upper: Tensor(repeating: reach, shape: [1, 4, 4, 2]))
      let range = operation.interval([IntervalTensor(x), places])[0]
      for _ in 0..<50 {
        let grid = Tensor<Double>(
          shape: [1, 4, 4, 2], elements: (0..<32).map { _ in (random.uniform() * 2 - 1) * reach })
        let y = operation.forward([x, grid], by: .fastest)[0].elements
        let isInside = y.indices.allSatisfy {
          range.lower.elements[$0] <= y[$0] && y[$0] <= range.upper.elements[$0]
        }
        if !isInside { Issue.record("reach \(reach), seed \(Self.seed)") }
      }
    }
  }
}

import EngineSupport
import ONNXFormat
import TensorCore
import Testing

@testable import NeuralRuntime

/// Kernel machines beyond the contract: how tight their ranges are, odd parameters, coupled probabilities.
@Suite struct KernelScoreTests {
  private static let seed: UInt64 = 29

  private func machine(
    _ kernel: String, _ parameters: [Float], vectors: Int, width: Int,
    _ random: inout SeededRandom
  ) throws -> KernelScores {
    let node = OperatorNode(
      TestModel.node(
        "SVMRegressor", [], ["y"],
        ["kernel_type": .string(kernel), "kernel_params": .floats(parameters)]), opset: 3)
    let terms = (0..<vectors).map {
      KernelScores.Term(vector: $0, coefficient: Float(random.uniform() * 4 - 2))
    }
    return try KernelScores(
      node, vectors: TestModel.random(vectors * width, scale: 2, &random), count: vectors,
      terms: [terms], constants: [0.25])
  }

  private func box(_ radius: Double, _ width: Int, _ random: inout SeededRandom) -> IntervalTensor {
    IntervalTensor(
      shape: [1, width],
      (0..<width).map { _ in
        let middle = random.uniform() * 4 - 2
        return (middle - radius, middle + radius)
      })
  }

  private static let kernels: [(String, [Float])] = [
    ("LINEAR", []), ("POLY", [0.5, 1, 3]), ("POLY", [0.25, 20, 1.5]), ("RBF", [0.5]),
    ("RBF", [-0.01]), ("SIGMOID", [0.25, 0.5]),
  ]

  @Test func samplesOfRandomMachinesStayInside() throws {
    for round in 0..<24 {
      var random = SeededRandom(seed: Self.seed).stream("machine", round)
      let (kernel, parameters) = Self.kernels[round % Self.kernels.count]
      let machine = try machine(kernel, parameters, vectors: 12, width: 5, &random)
      for radius in [0, 1e-4, 0.05, 0.5] {
        let box = box(radius, 5, &random)
        let range = machine.ranges(over: box, at: 0).scores[0]
        for _ in 0..<100 {
          let point = (0..<5).map { box[$0].low + (box[$0].high - box[$0].low) * random.uniform() }
          let exact = machine.scores(point, at: 0)[0]
          if !(range.low <= exact && exact <= range.high) {
            Issue.record("\(exact), seed \(Self.seed) round \(round)")
          }
          guard radius > 0 else { continue }
          let inside = zip(point, (0..<5).map { box[$0] }).map { x, ends -> Float in
            let narrow = Float(x)
            return Double(narrow) < ends.low
              ? narrow.nextUp : Double(narrow) > ends.high ? narrow.nextDown : narrow
          }
          let single = Double(machine.scores(inside, at: 0)[0])
          if !(range.low <= single && single <= range.high) {
            Issue.record("\(single), seed \(Self.seed) round \(round)")
          }
        }
      }
    }
  }

  /// In a small box the range is little wider than what the gradient makes of it.
  @Test func smallBoxesHaveNarrowRanges() throws {
    for (index, (kernel, parameters)) in Self.kernels.enumerated() {
      var random = SeededRandom(seed: Self.seed).stream("narrow", index)
      let machine = try machine(kernel, parameters, vectors: 30, width: 4, &random)
      let box = box(0.01, 4, &random)
      let middle = (0..<4).map { (box[$0].low + box[$0].high) / 2 }
      let slope = machine.pulledBack([1], middle, at: 0).reduce(0) { $0 + abs($1) }
      let range = machine.ranges(over: box, at: 0).scores[0]
      let width = range.high - range.low
      #expect(
        width >= 0.0199 * slope && width <= 0.03 * slope + 0.01,
        "\(kernel): \(width) for a slope of \(slope), seed \(Self.seed)")
    }
  }

  @Test(arguments: [
    ("RBF", [Float.nan]), ("RBF", [.infinity]), ("RBF", [1e38]), ("RBF", [-1e38]),
    ("POLY", [1, 0, 1e30]), ("POLY", [1, 0, -2]), ("POLY", [1e38, 1e38, 3]), ("POLY", [1, 0, 0.5]),
    ("SIGMOID", [1e38, -1e38]), ("LINEAR", []),
  ])
  func oddParametersHaveRangesToo(_ kernel: String, _ parameters: [Float]) throws {
    var random = SeededRandom(seed: Self.seed)
    let machine = try machine(kernel, parameters, vectors: 3, width: 2, &random)
    for radius in [0, 1, 1e200, Double.infinity] {
      let box = IntervalTensor(shape: [1, 2], [(-radius, radius), (1, 1 + radius)])
      let range = machine.ranges(over: box, at: 0).scores[0]
      #expect(range.low <= range.high)
      let score = Double(machine.scores([0, 1] as [Float], at: 0)[0])
      #expect(score.isNaN || range.low <= score && score <= range.high, "\(radius)")
    }
  }

  /// Rests of at most 0.005 are what the ranges of two classes rely on.
  @Test func twoClassesAreCoupledAsTheirShare() {
    let coupling = PairwiseCoupling(classes: 2, slopes: [-1], shifts: [0])
    for step in -2_000...2_000 {
      let score = Double(step) / 100
      let share = PortableMath.sigmoid(score)
      let p = coupling.probabilities(of: [score])
      #expect(abs(p[0] - share) <= 0.005 && abs(p[0] + p[1] - 1) < 1e-12, "\(score)")
      let range = coupling.ranges(of: [(score, score)])
      #expect(range[0].low <= p[0] && p[0] <= range[0].high)
      #expect(range[1].low <= p[1] && p[1] <= range[1].high)
    }
  }

  @Test func coupledProbabilitiesHaveGradients() {
    for classes in [3, 4, 7] {
      var random = SeededRandom(seed: Self.seed).stream("coupling", classes)
      let pairs = classes * (classes - 1) / 2
      let coupling = PairwiseCoupling(
        classes: classes, slopes: TestModel.random(pairs, scale: 2, &random),
        shifts: TestModel.random(pairs, scale: 0.5, &random))
      var scores = (0..<pairs).map { _ in random.uniform() * 3 - 1.5 }
      let g = (0..<classes).map { _ in random.uniform() - 0.5 }
      func loss() -> Double {
        zip(coupling.probabilities(of: scores), g).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let gradient = coupling.pulledBack(g, at: scores)
      for pair in scores.indices {
        let x = scores[pair]
        scores[pair] = x + 1e-6
        let above = loss()
        scores[pair] = x - 1e-6
        let slope = (above - loss()) / 2e-6
        scores[pair] = x
        #expect(abs(gradient[pair] - slope) < 1e-7, "\(classes) classes, seed \(Self.seed)")
      }
    }
  }
}

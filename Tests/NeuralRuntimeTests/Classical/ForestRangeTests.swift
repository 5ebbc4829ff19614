import EngineSupport
import TensorCore
import Testing

@testable import NeuralRuntime

/// Ranges of forests over boxes: exact for a tree, sound for sums, bounded for what is no tree.
@Suite struct ForestRangeTests {
  private static let seed: UInt64 = 23

  private typealias Mode = DecisionForest.Mode

  /// Thresholds lie on a grid of quarters, so that conditions on a way meet and exclude each other.
  private struct Grower {
    var forest = DecisionForest()
    var random: SeededRandom

    mutating func grow(_ depth: Int, _ modes: [Mode]) -> Int {
      var node = DecisionForest.Node()
      if depth == 0 || random.uniform() < 0.15 {
        for target in 0..<forest.targetCount where random.uniform() < 0.8 {
          node.weights.append((target, Float(random.uniform() * 2 - 1)))
        }
      } else {
        node.mode = modes.randomElement(using: &random)
        node.feature = Int.random(in: 0..<forest.featureCount, using: &random)
        node.value = Float(Int.random(in: -4...4, using: &random)) / 4
        node.members = [node.value, Float(Int.random(in: -4...4, using: &random)) / 4]
        node.missingIsTrue = Bool.random(using: &random)
        node.whenTrue = grow(depth - 1, modes)
        node.whenFalse = grow(depth - 1, modes)
      }
      forest.nodes.append(node)
      return forest.nodes.count - 1
    }

    mutating func box() -> IntervalTensor {
      let ends = (0..<forest.featureCount).map { _ in
        let ends = [random.uniform() * 3 - 1.5, Double(Int.random(in: -5...5, using: &random)) / 4]
        return Ranges.Range(ends.min() ?? 0, ends.max() ?? 0)
      }
      return IntervalTensor(shape: [1, ends.count], ends)
    }
  }

  private func grower(
    _ round: Int, trees: Int, targets: Int = 1, depth: Int, _ modes: [Mode], _ aggregate: String
  ) -> Grower {
    var grower = Grower(random: SeededRandom(seed: Self.seed).stream("forest", round))
    grower.forest.featureCount = 2
    grower.forest.targetCount = targets
    grower.forest.aggregate = aggregate
    for _ in 0..<trees { grower.forest.roots.append(grower.grow(depth, modes)) }
    return grower
  }

  /// All that can happen in a box happens at its ends or beside a threshold.
  private func values(_ forest: DecisionForest, _ range: Ranges.Range) -> [Float] {
    let all =
      [Float(range.low).nextUp, Float(range.high).nextDown, Float(range.low), Float(range.high)]
      + forest.nodes.flatMap { [$0.value.nextDown, $0.value, $0.value.nextUp] }
    return all.filter { Double($0) >= range.low && Double($0) <= range.high }
  }

  @Test func theRangeOfATreeIsThatOfItsLeavesWithinReach() {
    for round in 0..<60 {
      var grower = grower(
        round, trees: 1, depth: 5, [.lessOrEqual, .less, .greaterOrEqual, .greater], "SUM")
      let box = grower.box()
      let forest = grower.forest
      var found: [Float] = []
      for a in values(forest, box[0]) {
        for b in values(forest, box[1]) { found += forest.sums([a, b], at: 0) }
      }
      guard let least = found.min(), let most = found.max() else { continue }
      let range = forest.sumRanges(over: box, at: 0)[0]
      let place = "seed \(Self.seed) round \(round)"
      #expect(range.low <= Double(least) && range.high >= Double(most), "\(place)")
      #expect(range.low >= Double(least) - 1e-5 && range.high <= Double(most) + 1e-5, "\(place)")
    }
  }

  @Test(arguments: ["SUM", "AVERAGE", "MIN", "MAX"])
  func samplesStayInside(_ aggregate: String) {
    let modes: [Mode] = [
      .lessOrEqual, .less, .greaterOrEqual, .greater, .equal, .notEqual, .member,
    ]
    for round in 0..<40 {
      var grower = grower(round, trees: 7, targets: 3, depth: 4, modes, aggregate)
      grower.forest.baseValues = [0.25, -1]
      for _ in 0..<4 {
        let box = grower.box()
        let ranges = grower.forest.sumRanges(over: box, at: 0)
        let candidates = (0..<2).map { values(grower.forest, box[$0]) }
        for _ in 0..<60 {
          let point = (0..<2).map { feature in
            candidates[feature].randomElement(using: &grower.random)
              ?? Float(box[feature].low)
          }
          let isInside = zip(grower.forest.sums(point, at: 0), ranges).allSatisfy { sum, range in
            range.low <= Double(sum) && Double(sum) <= range.high
          }
          if !isInside { Issue.record("\(point), seed \(Self.seed) round \(round)") }
        }
      }
    }
  }

  @Test func whatHasNoFiniteRangeMayBeMissing() {
    var forest = DecisionForest()
    forest.featureCount = 1
    forest.nodes = [
      DecisionForest.Node(
        mode: .lessOrEqual, feature: 0, value: 0, whenTrue: 1, whenFalse: 2, missingIsTrue: false),
      DecisionForest.leaf([(0, 1)]),
      DecisionForest.Node(
        mode: .lessOrEqual, feature: 0, value: -1, whenTrue: 3, whenFalse: 4, missingIsTrue: true),
      DecisionForest.leaf([(0, 10)]), DecisionForest.leaf([(0, 2)]),
    ]
    forest.roots = [0]
    func range(_ low: Double, _ high: Double) -> Ranges.Range {
      forest.sumRanges(over: IntervalTensor(shape: [1, 1], [(low, high)]), at: 0)[0]
    }
    // Over 0 and at most −1: no number, but a missing value gets there.
    #expect(forest.sums([.nan], at: 0) == [10])
    #expect(range(-5, 5).high < 2.001 && range(-5, 5).low > 0.999)
    #expect(range(-5, .infinity).high >= 10)
    #expect(range(0.5, 5).low > 1.999)
  }

  /// 2²⁰⁰ ways lead through 200 nodes that share their branches.
  @Test func sharedNodesTakeBoundedWork() {
    var forest = DecisionForest()
    forest.featureCount = 1
    for place in 0..<200 {
      forest.nodes.append(
        DecisionForest.Node(
          mode: .less, feature: 0, value: Float(place) / 200, whenTrue: place + 1,
          whenFalse: place + 2))
    }
    forest.nodes += [DecisionForest.leaf([(0, -3)]), DecisionForest.leaf([(0, 4)])]
    forest.roots = Array(repeating: 0, count: 50)
    let range = forest.sumRanges(
      over: IntervalTensor(shape: [1, 1], [(-1, 2)]), at: 0)[0]
    for x: Float in [-0.5, 0.25, 0.7, 1.5] {
      let sum = Double(forest.sums([x], at: 0)[0])
      #expect(range.low <= sum && sum <= range.high)
    }
    #expect(range.low >= -151 && range.high <= 201)
  }
}

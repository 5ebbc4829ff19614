import EngineSupport
import NeuralRuntime

/// Small forests grown at random, and the slow way to the nearest flip.
struct GrownForest {
  var forest = DecisionForest()
  private var random: SeededRandom

  /// Thresholds lie on a grid of sevenths so that trees share some.
  init(
    seed: UInt64, trees: Int, depth: Int, features: Int, targets: Int,
    modes: [DecisionForest.Mode] = [.lessOrEqual]
  ) {
    random = SeededRandom(seed: seed)
    forest.featureCount = features
    forest.targetCount = targets
    for _ in 0..<trees { forest.roots.append(grow(depth, features, targets, modes)) }
  }

  private mutating func grow(
    _ depth: Int, _ features: Int, _ targets: Int, _ modes: [DecisionForest.Mode]
  ) -> Int {
    var node = DecisionForest.leaf([])
    if depth == 0 || Int.random(in: 0..<5, using: &random) == 0 {
      node.weights = [
        (Int.random(in: 0..<targets, using: &random), Float.random(in: -1...1, using: &random))
      ]
    } else {
      node.mode = modes.randomElement(using: &random)
      node.feature = Int.random(in: 0..<features, using: &random)
      node.value = Float(Int.random(in: 0...7, using: &random)) / 7
      node.members = [node.value, Float(Int.random(in: 0...7, using: &random)) / 7]
      node.missingIsTrue = Bool.random(using: &random)
      node.whenTrue = grow(depth - 1, features, targets, modes)
      node.whenFalse = grow(depth - 1, features, targets, modes)
    }
    forest.nodes.append(node)
    return forest.nodes.count - 1
  }

  mutating func sample() -> [Float] {
    (0..<forest.featureCount).map { _ in
      Bool.random(using: &random)
        ? Float(Int.random(in: 0...14, using: &random)) / 14
        : Float.random(in: -0.2...1.2, using: &random)
    }
  }

  /// Every combination of a sample's own values and the neighbourhoods of all thresholds.
  static func flips(
    of model: TreeModel, from sample: [Float], values: (Int) -> [Float],
    where isFlip: ([Float]) -> Bool
  ) -> [[Float]] {
    var result: [[Float]] = []
    func go(_ feature: Int, _ moved: [Float]) {
      guard feature < sample.count else {
        if isFlip(moved) { result.append(moved) }
        return
      }
      let own = sample[feature]
      for value in own.isNaN ? [own] : [own] + values(feature) { go(feature + 1, moved + [value]) }
    }
    go(0, [])
    return result
  }

  /// All numbers at which a feature's comparisons change, and their neighbours.
  func neighbours(of feature: Int) -> [Float] {
    let values = Set(
      forest.nodes.filter { $0.mode != nil && $0.feature == feature }
        .flatMap { [$0.value] + $0.members })
    return values.sorted().flatMap { [$0.nextDown, $0, $0.nextUp] }
  }
}

import NeuralRuntime
import TensorCore

/// What would count as another outcome, as a sum over the trees that has to reach a number.
///
/// The sum decides what is worth looking at; `isFlip` decides, in the model's own arithmetic.
struct FlipQuestion: Sendable {
  enum Outcome: Sendable {
    /// Any class but this.
    case otherClass(than: Int)
    /// A sum of this target that differs from the value by more than the tolerance, upwards or downwards.
    case deviation(target: Int, from: Float, tolerance: Double, isUpwards: Bool)
  }

  let outcome: Outcome
  /// The sum of this target counts, less that of the other.
  private let raised: Int?
  private let lowered: Int?
  /// What raised − lowered has to reach.
  let needed: Double
  /// Room for rounding in the model's sums and in ours.
  let slack: Double
  private let share: Double
  private let base: Double

  private init(
    _ outcome: Outcome, raised: Int?, lowered: Int?, needed: Double, in forest: DecisionForest
  ) {
    self.outcome = outcome
    self.raised = raised
    self.lowered = lowered
    self.needed = needed
    share = forest.aggregate == "AVERAGE" ? 1 / Double(max(forest.roots.count, 1)) : 1
    func baseValue(_ target: Int?) -> Double {
      target.map { $0 < forest.baseValues.count ? Double(forest.baseValues[$0]) : 0 } ?? 0
    }
    base = baseValue(raised) - baseValue(lowered)
    var magnitude = abs(baseValue(raised)) + abs(baseValue(lowered)) + abs(needed)
    let greatest = forest.nodes.reduce(0.0) { result, node in
      max(result, node.weights.reduce(0.0) { $0 + Double(abs($1.weight)) })
    }
    magnitude += 2 * greatest * Double(forest.roots.count)
    slack = OutwardRounding.error(ofSum: forest.roots.count + 4, magnitude: magnitude)
  }

  /// What a leaf adds.
  func contribution(of node: DecisionForest.Node) -> Double {
    var sum = 0.0
    for (target, weight) in node.weights {
      if target == raised { sum += Double(weight) }
      if target == lowered { sum -= Double(weight) }
    }
    return sum * share
  }

  /// What the trees have to add up to, less the room for rounding.
  var threshold: Double { needed - base - slack }

  func isFlip(_ sums: [Float], in model: TreeModel) -> Bool {
    switch outcome {
    case .otherClass(let original): return model.classIndex(ofSums: sums) != original
    case .deviation(let target, let value, let tolerance, let isUpwards):
      let difference = Double(sums[target]) - Double(value)
      return isUpwards ? difference > tolerance : -difference > tolerance
    }
  }

  /// One question for each class that could win.
  static func leaving(class original: Int, in model: TreeModel) -> [FlipQuestion] {
    let forest = model.forest
    let outcome = Outcome.otherClass(than: original)
    switch model.decision {
    case .overThreshold(let target, let threshold):
      return [
        original == 1
          ? FlipQuestion(
            outcome, raised: nil, lowered: target, needed: -Double(threshold), in: forest)
          : FlipQuestion(
            outcome, raised: target, lowered: nil, needed: Double(threshold), in: forest)
      ]
    case .greatest:
      return (0..<model.classCount).filter { $0 != original }
        .map { FlipQuestion(outcome, raised: $0, lowered: original, needed: 0, in: forest) }
    }
  }

  /// Both directions of a regressor's output.
  static func deviating(
    from value: Float, by tolerance: Double, target: Int, in model: TreeModel
  ) -> [FlipQuestion] {
    [true, false].map { isUpwards in
      FlipQuestion(
        .deviation(target: target, from: value, tolerance: tolerance, isUpwards: isUpwards),
        raised: isUpwards ? target : nil, lowered: isUpwards ? nil : target,
        needed: isUpwards ? Double(value) + tolerance : tolerance - Double(value),
        in: model.forest)
    }
  }
}

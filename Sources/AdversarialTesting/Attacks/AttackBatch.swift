public import EngineSupport
public import TensorCore

/// Samples to attack together. How they are batched must not change what is found.
public struct AttackBatch: Sendable {
  /// Index of each row in the evaluation data: with the seed, all that randomness may depend on.
  public var samples: [Int]
  /// `[n] + shape of a sample`.
  public var originals: Tensor<Float>
  /// The class to leave, or the class to reach (`AttackGoal.classification`); ignored by other goals.
  public var labels: [Int]
  public var set: PerturbationSet
  public var goal: AttackGoal
  /// The stage's random stream; `random(row:restart:)` gives each search its own.
  public var random: SeededRandom

  public init(
    samples: [Int], originals: Tensor<Float>, labels: [Int], set: PerturbationSet,
    goal: AttackGoal = .misclassification, random: SeededRandom
  ) {
    self.samples = samples
    self.originals = originals
    self.labels = labels
    self.set = set
    self.goal = goal
    self.random = random
  }

  /// The stream of the sample in `row` and one restart: depends on seed, stage, sample and restart alone.
  func random(row: Int, restart: Int) -> SeededRandom {
    random.stream("sample", samples[row]).stream("restart", restart)
  }

  /// Some of the rows, as a batch of their own.
  func rows(_ rows: [Int]) -> AttackBatch {
    let width = set.limits.count
    var elements: [Float] = []
    elements.reserveCapacity(rows.count * width)
    for row in rows {
      elements.append(contentsOf: originals.elements[row * width..<(row + 1) * width])
    }
    var part = self
    part.samples = rows.map { samples[$0] }
    part.labels = rows.map { labels[$0] }
    part.originals = Tensor(shape: [rows.count] + set.limits.shape, elements: elements)
    return part
  }
}

/// What a search ended with for one sample.
public struct AttackFinding: Sendable, Hashable {
  /// The reading that reaches the goal, not yet replayed; `nil` when none was found.
  public var candidate: [Float]?
  /// Whether the first gradient was zero or not finite on every writable element; `nil` when none was taken.
  public var startGradientVanished: Bool?
  /// The largest loss the search reached, for loss curves and the check on incomplete optimisation.
  public var bestMargin: Float?

  public init(
    candidate: [Float]? = nil, startGradientVanished: Bool? = nil, bestMargin: Float? = nil
  ) {
    self.candidate = candidate
    self.startGradientVanished = startGradientVanished
    self.bestMargin = bestMargin
  }
}

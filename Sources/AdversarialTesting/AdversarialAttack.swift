public import EngineSupport
public import TensorCore

/// A search for a misclassified reading inside a perturbation set.
///
/// A new attack is one file in `Attacks` and one line in `AdversarialAttacks.all`; the contract suite then
/// checks that it stays inside budget, range, grid and access, and gives the same findings for a seed at
/// any batch size.
public protocol AdversarialAttack: Sendable {
  /// A stable name for evidence, such as `projected-gradient-descent`.
  static var name: String { get }
  static var needs: TargetAccess { get }
  /// With the default parameters.
  init()
  /// The full set of parameters, for evidence, in a fixed order.
  var parameters: [AttackParameter] { get }
  /// One finding for each sample of the batch, in its order.
  func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding]
}

/// A parameter of an attack as evidence shows it.
public struct AttackParameter: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Samples to attack together. How they are batched must not change what is found.
public struct AttackBatch: Sendable {
  /// Index of each row in the evaluation data: with the seed, all that randomness may depend on.
  public var samples: [Int]
  /// `[n] + shape of a sample`.
  public var originals: Tensor<Float>
  public var labels: [Int]
  public var set: PerturbationSet
  /// The stage's random stream; `random(_:restart:)` gives each search its own.
  public var random: SeededRandom

  public init(
    samples: [Int], originals: Tensor<Float>, labels: [Int], set: PerturbationSet,
    random: SeededRandom
  ) {
    self.samples = samples
    self.originals = originals
    self.labels = labels
    self.set = set
    self.random = random
  }

  /// The stream of the sample in `row` and one restart: depends on seed, stage, sample and restart alone.
  func random(row: Int, restart: Int) -> SeededRandom {
    random.stream("sample", samples[row]).stream("restart", restart)
  }
}

/// What a search ended with for one sample.
public struct AttackFinding: Sendable, Hashable {
  /// The misclassified sample, not yet replayed; `nil` when none was found.
  public var candidate: [Float]?
  /// Whether the first gradient was zero or not finite on every writable element; `nil` when none was taken.
  public var startGradientVanished: Bool?

  public init(candidate: [Float]? = nil, startGradientVanished: Bool? = nil) {
    self.candidate = candidate
    self.startGradientVanished = startGradientVanished
  }
}

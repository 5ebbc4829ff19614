public import EngineSupport
public import ThreatLanguage

/// Every step an attacker could take against one product, with what each needs: nodes and edges in flat
/// arrays (compressed sparse rows), in a fixed order.
///
/// Edges run from parent to child. An OR step needs one parent, an AND step all of them; defences and
/// existence checks are leaves. Build one with `AttackGraph(_:over:measured:reportingTo:)`.
public struct AttackGraph: Sendable {
  /// An index into `steps`.
  public typealias StepID = Int

  public struct Step: Sendable {
    /// Index of the asset in `instance.assets`.
    public var asset: Int
    public var type: StepType
    /// Probability that an attempt succeeds (for a defence: that it is absent), by the language or model.
    public var prior: Double
    /// The rate that a test demonstrated; replaces the prior.
    public var measured: Measurement?
    /// `false` where an existence check fails: the step leads nowhere.
    public var isViable: Bool

    public var probability: Double { measured?.rate ?? prior }

    public init(
      asset: Int, type: StepType, prior: Double, measured: Measurement?, isViable: Bool
    ) {
      self.asset = asset
      self.type = type
      self.prior = prior
      self.measured = measured
      self.isViable = isViable
    }
  }

  public var language: CompiledLanguage
  public var instance: InstanceModel
  public var steps: [Step]
  /// `parents[parentOffsets[i]..<parentOffsets[i + 1]]` are the parents of step i, ascending.
  public var parentOffsets: [Int32]
  public var parents: [Int32]
  /// For each entry of `parents`, the line of the language that makes the edge.
  public var parentRules: [SourceLocation]

  public init(
    language: CompiledLanguage, instance: InstanceModel, steps: [Step], parentOffsets: [Int32],
    parents: [Int32], parentRules: [SourceLocation]
  ) {
    self.language = language
    self.instance = instance
    self.steps = steps
    self.parentOffsets = parentOffsets
    self.parents = parents
    self.parentRules = parentRules
  }

  /// `asset name:step name`, unique in the graph.
  public func name(of step: StepID) -> String {
    "\(instance.assets[steps[step].asset].name):\(steps[step].type.name)"
  }
}

/// A measured success rate that stands for the probability of one step of one asset.
public struct Measurement: Sendable, Hashable {
  public var asset: String
  public var step: String
  /// Successes over trials, 0…1.
  public var rate: Double
  /// Bounds of the confidence interval of the rate.
  public var lower: Double
  public var upper: Double
  /// The test run that gave it.
  public var testRun: String

  public init(
    asset: String, step: String, rate: Double, lower: Double, upper: Double, testRun: String
  ) {
    self.asset = asset
    self.step = step
    self.rate = rate
    self.lower = lower
    self.upper = upper
    self.testRun = testRun
  }
}

/// The ways in to a product: what is reached over a network, and what is reached by bending what a sensor sees.
public struct Fronts: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let network = Fronts(rawValue: 1)
  public static let sensor = Fronts(rawValue: 2)
  public static let both: Fronts = [.network, .sensor]
}

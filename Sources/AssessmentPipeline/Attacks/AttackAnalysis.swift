public import ArchitectureModel
public import AttackGraphs
public import EngineSupport
public import ThreatLanguage

/// How one consequence is reached with exactly the given fronts: the best paths, step by step.
public struct AttackAnalysis: Sendable {
  public var consequence: ProductFile.Consequence
  public var goal: AttackGraph.StepID
  public var fronts: Fronts
  public var paths: [Path]
  /// Whether `paths` are all there are.
  public var isComplete: Bool
  /// A path that is not listed has at most this probability.
  public var probabilityBound: Double
  public var expansions: Int

  public struct Path: Sendable {
    public var steps: [Step]
    /// The costs in nats; the list is ordered by the set cost.
    public var costs: DerivationCosts
    /// Mean times of the distinct steps added up, attacker days: the effort of one attacker, not the time that passes.
    /// `nil` where a mean is infinite.
    public var expectedEffort: Double?
    /// Of the steps for which the language gives attack potential; `nil` where it gives none.
    public var attackPotential: AttackPotential.Path?
    /// Product over the steps, measured where there is a measurement.
    public var probability: Double
    /// The same with priors only.
    public var priorProbability: Double
    /// Ids of the product file's entry points it starts from.
    public var entryPoints: [String]
  }

  public struct Step: Sendable {
    public var id: AttackGraph.StepID
    /// `asset:step`.
    public var name: String
    public var asset: String
    public var type: StepType
    public var prior: Double
    public var measured: Measurement?
    /// Positions, in this path, of the steps it rests on.
    public var restsOn: [Int]
    /// Set where the path starts here.
    public var entryPoint: String?
    /// Lines of the language that make the edges into this step, in the order of `restsOn`.
    public var rules: [SourceLocation]
    /// The drawn cells behind the asset.
    public var drawn: [DrawnReference]

    public var probability: Double { measured?.rate ?? prior }
    /// What the language's author says of the step.
    public var sentence: String { type.meta.first { $0.key == "user" }?.text ?? type.name }
  }
}

/// What it takes to reach one consequence at all.
public struct GoalReachability: Sendable {
  public var consequence: ProductFile.Consequence
  public var goal: AttackGraph.StepID
  public var byNetworkAlone: Bool
  public var bySensorAlone: Bool
  /// By an attacker who stands at both fronts; implied by either of the others.
  public var byBoth: Bool

  public var sentence: String {
    switch (byNetworkAlone, bySensorAlone, byBoth) {
    case (true, true, _): "reachable by the network alone and by the sensor alone"
    case (true, false, _): "reachable by the network alone, not by the sensor alone"
    case (false, true, _): "reachable by the sensor alone, not by the network alone"
    case (false, false, true): "reachable only by an attacker on both fronts"
    case (false, false, false): "not reachable from the given entry points"
    }
  }
}

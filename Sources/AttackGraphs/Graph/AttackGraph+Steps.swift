public import ThreatLanguage

/// What is known of one step.
extension AttackGraph {
  public var stepCount: Int { owners.count }
  public var edgeCount: Int { children.count }

  /// Index of the step's asset in `instance.assets`.
  public func asset(of step: StepID) -> Int { Int(owners[step]) }

  /// Position of the step's type in `stepTypes`.
  package func stepType(of step: StepID) -> Int {
    let owner = Int(owners[step])
    return Int(stepTypes.offsets[Int(assetTypes[owner])]) + step - Int(firstSteps[owner])
  }

  public func kind(of step: StepID) -> StepType.Kind { stepTypes.kinds[stepType(of: step)] }

  /// What the language says of the step.
  public func type(of step: StepID) -> StepType {
    let owner = Int(owners[step])
    return language.assetTypes[Int(assetTypes[owner])].steps[step - Int(firstSteps[owner])]
  }

  /// Probability that an attempt succeeds (for a defence: that it is absent), by the language or model.
  public func prior(of step: StepID) -> Double {
    if !modelPriors.isEmpty, let value = modelPriors[Int32(step)] { return value }
    return stepTypes.priors[stepType(of: step)]
  }

  /// What is assumed where something is, else the measured rate where there is one, else the prior.
  public func probability(of step: StepID) -> Double {
    if !assumptions.isEmpty, let assumed = assumptions[step] { return assumed }
    if !measurements.isEmpty, let measured = measurements[step] { return measured.rate }
    return prior(of: step)
  }

  package func isMeasuredOrAssumed(_ step: StepID) -> Bool {
    assumptions[step] != nil || measurements[step] != nil
  }

  /// `false` where an existence check fails: the step leads nowhere.
  public func isViable(_ step: StepID) -> Bool { !failedChecks.contains(step) }

  /// `asset name:step name`, unique in the graph.
  public func name(of step: StepID) -> String {
    "\(instance.assets[asset(of: step)].name):\(type(of: step).name)"
  }

  /// One step with all that is known of it.
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
  }

  /// All steps in order. Each is put together when it is asked for; loops over many steps that need one fact
  /// of each ask the graph for that fact.
  public var steps: Steps { Steps(graph: self) }

  public struct Steps: RandomAccessCollection, Sendable {
    fileprivate let graph: AttackGraph

    public var startIndex: Int { 0 }
    public var endIndex: Int { graph.stepCount }

    public subscript(step: StepID) -> Step {
      Step(
        asset: graph.asset(of: step), type: graph.type(of: step), prior: graph.prior(of: step),
        measured: graph.measurements[step], isViable: graph.isViable(step))
    }
  }
}

extension AttackGraph {
  /// Bytes that the arrays of nodes and of edges take; what the language and the instance weigh is not in it.
  public var bytes: (nodes: Int, edges: Int) {
    let nodes =
      owners.count + firstSteps.count + assetTypes.count + parentOffsets.count + childOffsets.count
    let edges = parents.count + children.count + childRules.count
    return (4 * nodes + stepCount / 8, 4 * edges)
  }
}

public import EngineSupport
public import ThreatLanguage

extension AttackGraph {
  /// The graph of `language` over `instance`: one step for each asset and step type, in asset order, then in
  /// step order; an edge where a lead of the parent's type leads from its asset to the child.
  ///
  /// - Parameters:
  ///   - measured: rates that tests demonstrated; each must name a step of the graph.
  ///   - horizon: the attacker days within which a step must succeed for `prior` to count it.
  ///
  /// `prior` of `|` and `&` steps is P(time to compromise ≤ horizon), 1 without a time. For a defence it is
  /// the probability that it is **absent**: 1 − p with p from the model, else from the language; a defence
  /// with neither counts as absent (p = 0). Existence checks have 1 and tell by `isViable` whether they hold.
  ///
  /// The model is checked first (`InstanceModel.check`); assets and links with errors are left out. Other
  /// errors: `graph.measurement.unknown`, `.duplicate` and `.invalid`, `graph.horizon.invalid`,
  /// `graph.step.missing` (a repeated walk comes to an asset without the step), `graph.too-large`,
  /// `graph.expression.too-deep`, and `mal.ttc.unsupported` for a time without a closed form, which counts as 1.
  /// Time is linear in assets, links and edges, apart from the closures that `*` asks for.
  public init(
    _ language: CompiledLanguage, over instance: InstanceModel, measured: [Measurement],
    horizon: Double, reportingTo diagnostics: inout Diagnostics
  ) {
    var horizon = horizon
    if !(horizon >= 0) {
      diagnostics.report(
        Diagnostic("graph.horizon.invalid", "the horizon is \(horizon) days, not 0 or more"))
      horizon = 0
    }
    let index = LanguageIndex(language)
    let resolved = instance.resolved(against: language, index, reportingTo: &diagnostics)
    var isUsed = Array(repeating: false, count: language.assetTypes.count)
    for type in resolved.types where type >= 0 { isUsed[Int(type)] = true }
    let table = StepTypeTable(
      language,
      priors: StepPriors.values(
        language, isUsed: isUsed, horizon: horizon, reportingTo: &diagnostics))
    var generator = GraphGenerator(language, instance, resolved, index, isUsed: isUsed)
    generator.run(table, reportingTo: &diagnostics)
    self.init(
      language: language, instance: instance, stepTypes: table, nodes: generator.nodes,
      edges: generator.edges)
    apply(measured, reportingTo: &diagnostics)
  }

  private mutating func apply(
    _ measured: [Measurement], reportingTo diagnostics: inout Diagnostics
  ) {
    guard !measured.isEmpty else { return }
    let index = StepIndex(self)
    for measurement in measured {
      let name = "\(measurement.asset):\(measurement.step)"
      guard let step = index.step(measurement.step, of: measurement.asset) else {
        diagnostics.report(
          Diagnostic(
            "graph.measurement.unknown",
            "test run \(measurement.testRun) measured “\(name)”, which is no step of the graph"))
        continue
      }
      guard (0...1).contains(measurement.rate) else {
        diagnostics.report(
          Diagnostic(
            "graph.measurement.invalid",
            "test run \(measurement.testRun) gives “\(name)” the rate \(measurement.rate)"))
        continue
      }
      if let other = measurements[step] {
        diagnostics.report(
          Diagnostic(
            "graph.measurement.duplicate",
            "test runs \(other.testRun) and \(measurement.testRun) both measured “\(name)”"))
        continue
      }
      measurements[step] = measurement
    }
  }
}

import ArchitectureModel
public import AttackGraphs
import EngineSupport
import ModelTesting
import ThreatKnowledge
import ThreatLanguage

/// The attack graph of the product, and the best paths to each consequence from each front.
extension Assessment {
  /// Partial derivations looked at for one consequence and front; the report says when it was not enough.
  static let expansionLimit = 5_000

  /// The product's attack graph with these measured rates and no others: nothing is tested and nothing
  /// recorded. For questions between two assessments. Throws `BadInput`.
  public func productGraph(measured: [Measurement]) throws -> ProductGraph {
    var diagnostics = Diagnostics()
    var unused = EvidenceRecorder(engine: EngineVersion.text, seed: options.seed)
    do {
      _ = unused.record(.product, productDocument)
      let drawn = try importArchitecture(recordingTo: &unused, reportingTo: &diagnostics)
      let language = try compileLanguage(recordingTo: &unused, reportingTo: &diagnostics)
      let bound = try bind(
        drawn.architecture, in: language, recordingTo: &unused, reportingTo: &diagnostics
      ).instance
      return try productGraph(
        language, bound, drawn.architecture, measured: measured, reportingTo: &diagnostics)
    } catch let diagnostic as Diagnostic {
      throw BadInput(diagnostics.all + [diagnostic])
    }
  }

  func productGraph(
    _ language: CompiledLanguage, _ bound: BoundInstance, _ architecture: ArchitectureGraph,
    measured: [Measurement], reportingTo diagnostics: inout Diagnostics
  ) throws -> ProductGraph {
    let graph = AttackGraph(
      language, over: bound.model, measured: measured, horizon: product.horizonDays,
      reportingTo: &diagnostics)
    try diagnostics.throwIfErrors()

    var entries: [AttackGraph.StepID: Fronts] = [:]
    var entryNames: [AttackGraph.StepID: String] = [:]
    for entry in product.entryPoints {
      let step = try entryStep(entry, graph, bound, architecture)
      entries[step, default: []].formUnion(entry.front.fronts)
      if entryNames[step] == nil { entryNames[step] = entry.id }
    }
    var goals: [ProductGraph.Goal] = []
    for consequence in product.consequences {
      goals.append(
        ProductGraph.Goal(
          consequence: consequence,
          step: try goalStep(consequence, graph, bound, architecture)))
    }
    return ProductGraph(
      graph: graph, bound: bound, entries: entries, entryNames: entryNames, goals: goals)
  }

  /// In the order of the product file.
  func reachability(in product: ProductGraph) -> [GoalReachability] {
    product.goals.map { goal in
      let reach = product.graph.reachability(of: goal.step, from: product.entries)
      return GoalReachability(
        consequence: goal.consequence, goal: goal.step, byNetworkAlone: reach.fromNetwork,
        bySensorAlone: reach.fromSensor, byBoth: reach.fromBoth)
    }
  }

  func searchAttacks(in product: ProductGraph) throws -> [AttackAnalysis] {
    let searches = product.goals.flatMap { goal in
      [Fronts.network, .sensor, .both].map { (goal: goal, fronts: $0) }
    }
    let describer = try PathDescriber(product)
    let limit = options.pathLimit
    return try OrderedConcurrency(width: options.jobs).map(searches) { search in
      let found = product.graph.bestPaths(
        to: search.goal.step, from: product.entries, needing: search.fronts, limit: limit,
        expansionLimit: Self.expansionLimit)
      return AttackAnalysis(
        consequence: search.goal.consequence, goal: search.goal.step, fronts: search.fronts,
        paths: try found.paths.map(describer.describe), isComplete: found.isComplete,
        probabilityBound: found.probabilityBound, expansions: found.expansions)
    }
  }

  private func entryStep(
    _ entry: ProductFile.EntryPoint, _ graph: AttackGraph, _ bound: BoundInstance,
    _ architecture: ArchitectureGraph
  ) throws(Diagnostic) -> AttackGraph.StepID {
    let asset = bound.model.assets[try entryAsset(entry, bound, architecture)]
    let type = graph.language.assetType(named: asset.type)
    let possible = type?.steps.filter { $0.tags.contains("entry") } ?? []
    guard
      possible.contains(where: { $0.name == entry.step && $0.tags.contains(entry.front.rawValue) }),
      let step = graph.step(named: "\(asset.name):\(entry.step)")
    else {
      let hints = possible.map { step in
        "\(step.name) (\(step.tags.filter { $0 == "network" || $0 == "sensor" }.joined()))"
      }
      throw Diagnostic(
        "product.entry.unknown",
        "\"\(entry.step)\" is no \(entry.front.rawValue) entry of \"\(asset.name)\" (\(asset.type))",
        at: entry.location,
        hint: hints.isEmpty
          ? "a \(asset.type) has no entry steps"
          : "its entry steps: " + hints.sorted().joined(separator: ", "))
    }
    return step
  }

  /// An attacker stands at a component, or at a line: a radio link that a stranger hears, a wire they reach.
  private func entryAsset(
    _ entry: ProductFile.EntryPoint, _ bound: BoundInstance, _ architecture: ArchitectureGraph
  ) throws(Diagnostic) -> Int {
    do throws(Diagnostic) {
      let component = try architecture.component(called: entry.component, at: entry.location)
      return bound.assetOfComponent[component]
    } catch {
      guard error.code == "product.component.unknown" else { throw error }
      guard let flow = try? architecture.flow(called: entry.component, at: entry.location),
        let asset = bound.assetOfFlow[flow]
      else { throw error }
      return asset
    }
  }

  private func goalStep(
    _ consequence: ProductFile.Consequence, _ graph: AttackGraph, _ bound: BoundInstance,
    _ architecture: ArchitectureGraph
  ) throws(Diagnostic) -> AttackGraph.StepID {
    let component = try architecture.component(
      called: consequence.component, at: consequence.location)
    let asset = bound.model.assets[bound.assetOfComponent[component]]
    guard let step = graph.step(named: "\(asset.name):\(consequence.kind.step)") else {
      throw Diagnostic(
        "product.consequence.impossible",
        "\(consequence.kind.rawValue) cannot happen to \"\(asset.name)\", which is a \(asset.type)",
        at: consequence.location,
        hint: "what can happen to it: "
          + (graph.language.assetType(named: asset.type)?.steps ?? []).compactMap { step in
            ConsequenceKind.allCases.first { $0.step == step.name }?.rawValue
          }.sorted().joined(separator: ", "))
    }
    return step
  }
}

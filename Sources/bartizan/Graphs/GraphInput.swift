import ArgumentParser
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Foundation
import ThreatKnowledge
import ThreatLanguage

/// Where a question's attack graph comes from: a product file, or a language and an instance model.
struct GraphInput: ParsableArguments {
  @Option(
    help: ArgumentHelp("Ask about the product of this product file.", valueName: "PRODUCT.yaml"))
  var product: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "A report's directory: the measured rates there count. Without it priors do.",
      valueName: "DIR"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Ask about an instance model of this threat language (.mal, .mar, .json).", valueName: "FILE")
  )
  var language: String?

  @Option(help: ArgumentHelp("The instance model (.yml, .json, .sCAD).", valueName: "FILE"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A step that a network attacker has reached (with --model).", valueName: "ASSET:STEP"))
  var entry: [String] = []

  @Option(
    help: ArgumentHelp(
      "A step that a sensor attacker has reached (with --model).", valueName: "ASSET:STEP"))
  var sensorEntry: [String] = []

  @Option(
    help: ArgumentHelp(
      "Attacker days within which a step must succeed (with --model).", valueName: "DAYS"))
  var horizon = 30.0

  var isGiven: Bool { product != nil || model != nil }

  func validate() throws {
    if product != nil, model != nil || language != nil {
      throw ValidationError("give --product, or --language and --model, not both")
    }
    if product == nil, language != nil, model == nil {
      throw ValidationError("--language needs --model")
    }
    guard horizon > 0, horizon.isFinite else {
      throw ValidationError("--horizon is a number of days above 0")
    }
  }

  func load() throws -> QuestionedGraph {
    if let product { return try productGraph(product) }
    guard let model else {
      throw ValidationError("give --product PRODUCT.yaml, or --language FILE and --model FILE")
    }
    return try modelGraph(model)
  }

  private func productGraph(_ path: String) throws -> QuestionedGraph {
    let input = try ProductInput(path: path)
    var measured: [AttackGraphs.Measurement] = []
    if let report {
      let name = report + "/threat-model.json"
      let rates = try MeasuredRates(
        reading: try FileAccess.read(name, as: name, limit: ProductLimits.file))
      try rates.check(
        [input.document] + input.documents.values.sorted { $0.name < $1.name }, in: name)
      measured = rates.measurements
    }
    let graph = try input.assessment().productGraph(measured: measured)
    return QuestionedGraph(
      graph: graph.graph, entries: graph.entries,
      goals: graph.goals.map { ($0.consequence.id, $0.step) },
      defenseCosts: try graph.defenseCosts(of: input.product), horizon: input.product.horizonDays,
      cells: graph.bound.basis.map(\.drawn))
  }

  private func modelGraph(_ path: String) throws -> QuestionedGraph {
    let (file, graph) = try ModelGraph.generate(
      language: language, model: path, horizon: horizon)
    var entries: [AttackGraph.StepID: Fronts] = [:]
    for point in file.attackers?.flatMap(\.entryPoints) ?? [] {
      for step in point.steps {
        let name = "\(file.model.assets[point.asset].name):\(step)"
        entries[try QuestionedGraph.step(name, in: graph), default: []].formUnion(.network)
      }
    }
    for (names, fronts) in [(entry, Fronts.network), (sensorEntry, Fronts.sensor)] {
      for name in names {
        entries[try QuestionedGraph.step(name, in: graph), default: []].formUnion(fronts)
      }
    }
    return QuestionedGraph(graph: graph, entries: entries, goals: [], horizon: horizon, cells: [])
  }
}

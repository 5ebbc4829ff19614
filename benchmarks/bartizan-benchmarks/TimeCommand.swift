import AdversarialTesting
import ArchitectureModel
import ArgumentParser
import AssessmentPipeline
import AttackGraphs
import DiagramImport
import EngineSupport
import Foundation
import ModelTesting
import NeuralRuntime
import NumPyFormat
import ONNXFormat
import TensorCore
import ThreatKnowledge
import ThreatLanguage

/// Times import, graph generation, path search and projected gradient descent on the bundled sample; each
/// row checks its result before it prints, and shows counted work beside seconds.
struct TimeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "time", abstract: "Time the stages on the sample product, on one thread.")

  @Option(help: "Runs of each stage; the median is printed.") var runs = 5

  func run() throws {
    guard runs >= 1 else { throw ValidationError("--runs is at least 1") }
    print("stage                      median s      work")
    let drawing = try importing()
    let (graph, entries, goals) = try generating(drawing)
    try searching(graph, entries, goals)
    try attacking()
  }

  private func importing() throws -> ImportedDiagram {
    let document = try SampleArchitecture.drawing()
    var diagnostics = Diagnostics()
    let (seconds, diagram) = try median {
      try DiagramImporters.importDiagram(document, reportingTo: &diagnostics)
    }
    try expect(diagram.discrepancies().isEmpty, "the import ledger reconciles")
    row("import", seconds, "\(diagram.ledger.rows.count) cells, \(document.bytes.count) bytes")
    return diagram
  }

  private func generating(
    _ diagram: ImportedDiagram
  ) throws -> (AttackGraph, [AttackGraph.StepID: Fronts], [AttackGraph.StepID]) {
    let sample = try SampleArchitecture(diagram)
    let (architecture, bound) = (sample.architecture, sample.bound)
    let (seconds, graph) = try median { sample.graph() }
    try expect(!graph.steps.isEmpty, "the graph has steps")
    row(
      "graph generation", seconds,
      "\(bound.model.assets.count) assets, \(graph.steps.count) steps, \(graph.parents.count) edges"
    )
    func step(_ component: String, _ name: String) throws -> AttackGraph.StepID {
      let index = try architecture.component(called: component, at: nil)
      let asset = bound.model.assets[bound.assetOfComponent[index]].name
      guard let step = graph.step(named: "\(asset):\(name)") else {
        throw ValidationError("the sample has no step \(asset):\(name)")
      }
      return step
    }
    var entries: [AttackGraph.StepID: Fronts] = [:]
    for entry in sample.product.entryPoints {
      entries[try step(entry.component, entry.step), default: []].formUnion(entry.front.fronts)
    }
    return (
      graph, entries, try sample.product.consequences.map { try step($0.component, $0.kind.step) }
    )
  }

  private func searching(
    _ graph: AttackGraph, _ entries: [AttackGraph.StepID: Fronts], _ goals: [AttackGraph.StepID]
  ) throws {
    let (seconds, searches) = try median {
      goals.flatMap { goal in
        [Fronts.network, .sensor, .both].map { fronts in
          graph.bestPaths(to: goal, from: entries, needing: fronts, limit: 5)
        }
      }
    }
    let paths = searches.flatMap(\.paths)
    try expect(paths.allSatisfy { $0.probability > 0 }, "every path has a probability")
    let work = searches.reduce(0) { $0 + $1.expansions }
    row(
      "path search", seconds, "\(searches.count) searches, \(paths.count) paths, \(work) expansions"
    )
  }

  private func attacking() throws {
    var diagnostics = Diagnostics()
    let model = try Repository.document("models/gauge-reader/model.onnx")
    let network = try Network(planning: try ONNXModel(reading: model), reportingTo: &diagnostics)
    let archive = try NumPyArchive(
      reading: try Repository.document("models/gauge-reader/eval.npz"))
    let inputs = try archive.array(named: "images").floatTensor()
    let labels = try archive.array(named: "labels").integers()
    let limits = try PhysicalLimits(
      shape: network.input.shape, low: [0], high: [16], leastSignificantBit: [0.0625])
    let campaign = try Campaign(
      model: try NetworkTarget(network, at: SourceLocation(document: model.name)),
      samples: inputs, labels: labels, limits: limits, budgets: [1],
      attack: ProjectedGradientDescent(), seed: 1)
    let (seconds, result) = try median { try campaign.run() }
    let chosen = result.budgets[0]
    try expect(chosen.trials > 0 && result.verdict != .inconclusive, "the campaign can be believed")
    row(
      "PGD, 40 steps, 2 starts", seconds,
      "\(labels.count) samples, \(result.spentByAttack.backward) gradients, "
        + "\(chosen.successes) of \(chosen.trials) broken")
  }

  /// The median of `runs` timings, and the last result.
  private func median<Result>(_ work: () throws -> Result) throws -> (Double, Result) {
    var result = try work()
    var seconds: [Double] = []
    for _ in 0..<runs {
      let start = ContinuousClock.now
      result = try work()
      let elapsed = ContinuousClock.now - start
      seconds.append(
        Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
    }
    return (seconds.sorted()[runs / 2], result)
  }

  private func expect(_ condition: Bool, _ claim: String) throws {
    guard condition else { throw ValidationError("the benchmark's check failed: \(claim)") }
  }

  private func row(_ stage: String, _ seconds: Double, _ work: String) {
    print(
      stage.padding(toLength: 26, withPad: " ", startingAt: 0),
      DecimalText.fixed(seconds, digits: 4).padding(toLength: 12, withPad: " ", startingAt: 0),
      work)
  }
}

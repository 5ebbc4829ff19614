import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import DiagramImport
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// A bundled sample up to the instance model: what both the timings and the peers start from.
struct SampleArchitecture {
  /// The sample with a model, which the timings use.
  static let timed = "handheld-terminal"

  let product: ProductFile
  let architecture: ArchitectureGraph
  let language: CompiledLanguage
  let bound: BoundInstance

  /// A sample's drawing, which is called as its folder is.
  static func drawing(of sample: String = timed) throws -> InputDocument {
    let name = sample + ".drawio"
    return try Repository.document("samples/\(sample)/\(name)", named: name)
  }

  init(_ diagram: ImportedDiagram, of sample: String = timed) throws {
    var diagnostics = Diagnostics()
    product = try ProductFile(
      reading: try Repository.document("samples/\(sample)/bartizan.yaml", named: "bartizan.yaml"),
      reportingTo: &diagnostics)
    architecture = ArchitectureGraph(
      checking: [diagram.draft], declarations: product.components.map(\.declaration),
      flows: product.flows.map(\.declaration), reportingTo: &diagnostics)
    guard
      let language = CompiledLanguage(
        sources: IndustrialLanguage.sources, reportingTo: &diagnostics)
    else { throw BadInput(diagnostics.all) }
    self.language = language
    bound = BoundInstance(
      binding: architecture, defenses: BoundInstance.DefenseStatements(), in: language,
      reportingTo: &diagnostics)
  }

  func graph() -> AttackGraph {
    var diagnostics = Diagnostics()
    return AttackGraph(
      language, over: bound.model, measured: [], horizon: product.horizonDays,
      reportingTo: &diagnostics)
  }
}

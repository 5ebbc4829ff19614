import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import DiagramImport
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// The bundled sample up to the instance model: what both the timings and the peers start from.
struct SampleArchitecture {
  static let folder = "samples/handheld-terminal/"

  let product: ProductFile
  let architecture: ArchitectureGraph
  let language: CompiledLanguage
  let bound: BoundInstance

  static func drawing() throws -> InputDocument {
    try Repository.document(folder + "handheld-terminal.drawio", named: "handheld-terminal.drawio")
  }

  init(_ diagram: ImportedDiagram) throws {
    var diagnostics = Diagnostics()
    product = try ProductFile(
      reading: try Repository.document(Self.folder + "bartizan.yaml", named: "bartizan.yaml"),
      reportingTo: &diagnostics)
    architecture = ArchitectureGraph(
      checking: [diagram.draft], declarations: product.components.map(\.declaration),
      reportingTo: &diagnostics)
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

import ArchitectureModel
import DiagramImport
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// Diagram bytes to a checked architecture, and the threat language compiled.
extension Assessment {
  struct DrawnArchitecture {
    var diagrams: [ImportedDiagram]
    var architecture: ArchitectureGraph
  }

  func importArchitecture(
    recordingTo evidence: inout EvidenceRecorder, reportingTo diagnostics: inout Diagnostics
  ) throws -> DrawnArchitecture {
    var diagrams: [ImportedDiagram] = []
    for reference in product.diagrams {
      let document = try document(reference)
      let diagram = try DiagramImporters.importDiagram(document, reportingTo: &diagnostics)
      let gaps = diagram.discrepancies()
      guard gaps.isEmpty else {
        throw Diagnostic(
          "import.ledger.unbalanced",
          "the import does not account for every cell: \(gaps.joined(separator: "; "))",
          at: SourceLocation(document: document.name))
      }
      evidence.record(diagram, of: document)
      diagrams.append(diagram)
    }
    let architecture = ArchitectureGraph(
      checking: diagrams.map(\.draft), declarations: product.components.map(\.declaration),
      flows: product.flows.map(\.declaration), reportingTo: &diagnostics)
    try diagnostics.throwIfErrors()
    guard !architecture.components.isEmpty else {
      throw Diagnostic(
        "architecture.empty", "no component is drawn in \(diagrams.map(\.draft.document))",
        at: SourceLocation(document: product.document))
    }
    return DrawnArchitecture(diagrams: diagrams, architecture: architecture)
  }

  func compileLanguage(
    recordingTo evidence: inout EvidenceRecorder, reportingTo diagnostics: inout Diagnostics
  ) throws -> CompiledLanguage {
    let sources = IndustrialLanguage.sources
    guard let language = CompiledLanguage(sources: sources, reportingTo: &diagnostics) else {
      throw BadInput(diagnostics.all)
    }
    evidence.record(language, from: sources)
    return language
  }
}

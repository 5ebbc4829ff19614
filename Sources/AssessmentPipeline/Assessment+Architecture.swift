import ArchitectureModel
import DiagramImport
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// Diagram bytes to a checked architecture, and the architecture to assets of the threat language.
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
      reportingTo: &diagnostics)
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

  func bind(
    _ architecture: ArchitectureGraph, in language: CompiledLanguage,
    reportingTo diagnostics: inout Diagnostics
  ) throws -> BoundInstance {
    var defenses: [Int: [String: Double]] = [:]
    for component in product.components where !component.defenses.isEmpty {
      let name = component.declaration.drawn
      let index = try architecture.component(called: name, at: component.declaration.location)
      let asset = BindingTable.row(for: component.declaration.kind).becomes
      for claim in component.defenses {
        let step = language.assetType(named: asset)?.step(named: claim.name)
        guard step?.kind == .defense else {
          let known = language.assetType(named: asset)?.steps.filter { $0.kind == .defense } ?? []
          diagnostics.report(
            Diagnostic(
              "product.defence.unknown",
              "a component of kind \(component.declaration.kind.rawValue) has no defence "
                + "\"\(claim.name)\"",
              at: claim.location,
              hint: "its defences: " + known.map(\.name).sorted().joined(separator: ", ")))
          continue
        }
        defenses[index, default: [:]][claim.name] = claim.inPlace
      }
    }
    try diagnostics.throwIfErrors()
    return BoundInstance(binding: architecture, defenses: defenses, in: language)
  }
}

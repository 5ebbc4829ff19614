import ArchitectureModel
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// The architecture to assets of the threat language, with what the product file says of their defences.
extension Assessment {
  struct BoundProduct {
    var instance: BoundInstance
    /// In the order of the product file.
    var defenses: [DefenseStatement]
  }

  func bind(
    _ architecture: ArchitectureGraph, in language: CompiledLanguage,
    recordingTo evidence: inout EvidenceRecorder, reportingTo diagnostics: inout Diagnostics
  ) throws -> BoundProduct {
    // Bound once without claims, to know which asset each drawn thing becomes.
    var unused = Diagnostics()
    let bare = BoundInstance(
      binding: architecture, defenses: BoundInstance.DefenseStatements(), in: language,
      reportingTo: &unused)
    var stated = BoundInstance.DefenseStatements()
    var statements: [DefenseStatement] = []
    var files: [String: SourceFile] = [:]
    for (subject, drawn, claim) in product.claims {
      let place = try position(of: drawn, subject, in: architecture, at: claim.location)
      guard let asset = bare.asset(of: place) else {
        diagnostics.report(
          Diagnostic(
            "product.defence.unknown",
            "\"\(drawn)\" stands for a relation and has no defences", at: claim.location))
        continue
      }
      guard isDefense(claim.name, of: bare.model.assets[asset].type, in: language) else {
        diagnostics.report(
          unknownDefense(claim, of: bare.model.assets[asset].type, in: language))
        continue
      }
      stated.state(claim.name, at: claim.inPlace, of: place)
      var statement = DefenseStatement(
        asset: asset, assetName: bare.model.assets[asset].name, claim: claim, evidence: nil)
      if let file = claim.evidence {
        let known =
          try files[file.path] ?? evidence.record(.defenseEvidence, try document(file))
        files[file.path] = known
        statement.evidence = known
      }
      statements.append(statement)
    }
    for zone in product.zones where zone.targetLevel != nil && zone.defenses.isEmpty {
      _ = try architecture.zone(called: zone.drawn, at: zone.location)
    }
    try diagnostics.throwIfErrors()
    return BoundProduct(
      instance: BoundInstance(
        binding: architecture, defenses: stated, in: language, reportingTo: &diagnostics),
      defenses: statements)
  }

  private func position(
    of drawn: String, _ subject: ProductFile.ClaimSubject, in architecture: ArchitectureGraph,
    at location: SourceLocation
  ) throws(Diagnostic) -> BoundInstance.Place {
    switch subject {
    case .component: return .component(try architecture.component(called: drawn, at: location))
    case .flow: return .flow(try architecture.flow(called: drawn, at: location))
    case .zone:
      if let conduit = architecture.conduit(called: drawn) { return .conduit(conduit) }
      return .zone(try architecture.zone(called: drawn, at: location))
    }
  }

  private func isDefense(_ name: String, of type: String, in language: CompiledLanguage) -> Bool {
    language.assetType(named: type)?.step(named: name)?.kind == .defense
  }

  private func unknownDefense(
    _ claim: ProductFile.DefenseClaim, of type: String, in language: CompiledLanguage
  ) -> Diagnostic {
    let known = language.assetType(named: type)?.steps.filter { $0.kind == .defense } ?? []
    return Diagnostic(
      "product.defence.unknown", "a \(type) has no defence \"\(claim.name)\"", at: claim.location,
      hint: known.isEmpty
        ? "it has none"
        : "its defences: " + known.map(\.name).sorted().joined(separator: ", "))
  }
}

import ArchitectureModel
import EngineSupport
import ThreatKnowledge

/// Judging the product's components against their target levels.
extension Assessment {
  /// `nil` where the product file asks for no level.
  func securityLevels(
    _ architecture: ArchitectureGraph, _ graph: ProductGraph, _ defenses: [DefenseStatement],
    _ knowledge: KnowledgeBase, recordingTo evidence: inout EvidenceRecorder
  ) throws(Diagnostic) -> SecurityLevels? {
    guard
      product.zones.contains(where: { $0.targetLevel != nil })
        || product.components.contains(where: { $0.targetLevel != nil }),
      let catalogue = knowledge.catalogue(SecurityLevelJudge.catalogueID)
    else { return nil }
    let levels = try SecurityLevelJudge(
      product: product, architecture: architecture, graph: graph, defenses: defenses,
      catalogue: catalogue
    ).levels()
    evidence.record(levels)
    return levels
  }
}

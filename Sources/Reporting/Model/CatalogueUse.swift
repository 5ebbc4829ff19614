import AssessmentPipeline
import AttackGraphs
import ThreatKnowledge

/// One catalogue of an assessment, and how much of it the threat language cites.
struct CatalogueUse {
  let catalogue: KnowledgeCatalogue
  /// Entries that steps of the language name.
  let citedEntries: Int

  /// In the order of the knowledge base.
  static func all(in result: AssessmentResult) -> [CatalogueUse] {
    var cited: [String: Set<String>] = [:]
    for citation in result.knowledge.citations(of: result.graph.language) {
      cited[citation.match.catalogue.id, default: []].insert(citation.match.entry.id)
    }
    return result.knowledge.catalogues.map { catalogue in
      CatalogueUse(catalogue: catalogue, citedEntries: cited[catalogue.id]?.count ?? 0)
    }
  }

  /// `bundled`, or the file that the lock file pins.
  var origin: String {
    switch catalogue.origin {
    case .bundled: "bundled"
    case .imported(let file): "imported from \(file)"
    }
  }
}

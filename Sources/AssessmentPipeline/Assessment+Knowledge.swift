import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// The catalogues of an assessment: bundled ones, and those that the lock file pins in their places.
extension Assessment {
  func readKnowledge(
    recordingTo evidence: inout EvidenceRecorder, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> KnowledgeBase {
    guard let lock else {
      evidence.record(KnowledgeBase.bundled, pinnedBy: nil, from: [])
      return KnowledgeBase.bundled
    }
    let knowledge = try lock.knowledge(from: documents, reportingTo: &diagnostics)
    evidence.record(
      knowledge, pinnedBy: lock.document,
      from: lock.references.compactMap { documents[$0.path] })
    return knowledge
  }

  /// Warns of each entry that the language cites and a catalogue has withdrawn since.
  func warnOfWithdrawn(
    _ language: CompiledLanguage, _ knowledge: KnowledgeBase,
    reportingTo diagnostics: inout Diagnostics
  ) {
    var seen: Set<String> = []
    for citation in knowledge.citations(of: language) {
      let (catalogue, entry) = (citation.match.catalogue, citation.match.entry)
      let labels = entry.flags.filter { $0 == .revoked || $0 == .deprecated }.map(\.label)
      guard !labels.isEmpty, seen.insert("\(catalogue.id) \(entry.id)").inserted else { continue }
      diagnostics.report(
        Diagnostic(
          .warning, "knowledge.citation.withdrawn",
          "the language cites \(entry.id) \(entry.title), which \(catalogue.title) "
            + "\(catalogue.version) calls \(labels.joined(separator: " and "))",
          at: citation.step.location))
    }
  }
}

/// A requirement that the trade press reports as part of an "AI-driven threat modeling" clause, and where a report
/// speaks to its subject.
///
/// No such edition of IEC 62443-4-2 could be confirmed. These are data with a label, never a rule that
/// anything is judged by; a report shows where it speaks to the same subject and claims nothing more.
/// Statements are those of the catalogue `aitm-clauses`.
public struct ReportedRequirement: Sendable, Hashable {
  /// Identifier coined by this project.
  public let id: String
  /// The clause number as the press gives it; `nil` where it gives none.
  public let clause: String?
  /// What is reported, in this project's words.
  public let statement: String
  /// Section of the report that speaks to it.
  public let spokenToIn: String

  /// Printed beside every one of them.
  public static let label = "as reported, not verified"

  public static let all: [ReportedRequirement] = sections.compactMap { id, section in
    guard let entry = KnowledgeBase.bundled.catalogue("aitm-clauses")?.entry(id) else { return nil }
    return ReportedRequirement(
      id: entry.id, clause: entry.values("clause").first, statement: entry.title,
      spokenToIn: section)
  }

  /// The reported clauses that a report has something to say about.
  static let sections: [(id: String, spokenToIn: String)] = [
    ("AITM-7.3-DP", "Lineage"),
    ("AITM-7.4-MI", "not assessed by this version"),
    ("AITM-7.5-AR", "Model tests"),
    ("AITM-TEAM-1", "Architecture and both fronts"),
    ("AITM-TEAM-2", "Attack paths"),
    ("AITM-TEAM-3", "Lineage"),
  ]
}

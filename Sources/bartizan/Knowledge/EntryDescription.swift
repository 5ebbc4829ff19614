import ThreatKnowledge

/// One entry of a catalogue as lines of text.
struct EntryDescription {
  let lines: [String]

  init(of match: KnowledgeBase.Match, in knowledge: KnowledgeBase) {
    let (catalogue, entry) = (match.catalogue, match.entry)
    var lines = [
      entry.name.map { "\(entry.id)  \($0)" } ?? entry.id,
      "  \(entry.kind.rawValue) of \(catalogue.title), \(catalogue.version), \(catalogue.origin.text)",
    ]
    if let statement = entry.statement { lines.append("  \(statement)") }
    for flag in entry.flags { lines.append("  ! \(flag.label)") }
    for attribute in entry.attributes {
      let title = Self.titles[attribute.key] ?? attribute.key
      if attribute.values.contains(where: { $0.count > Self.shortAtMost }) {
        lines += ["  \(title):"] + attribute.values.map { "    - \($0)" }
      } else {
        lines.append("  \(title): \(attribute.values.joined(separator: ", "))")
      }
    }
    lines += Self.relations(of: match, in: knowledge)
    lines += ["", "  licence: \(catalogue.licence)"]
    self.lines = lines
  }

  /// Relations under their titles, in the order in which titles first occur.
  private static func relations(
    of match: KnowledgeBase.Match, in knowledge: KnowledgeBase
  ) -> [String] {
    var titles: [String] = []
    var groups: [String: [String]] = [:]
    for relation in knowledge.relations(of: match) {
      if groups[relation.title] == nil { titles.append(relation.title) }
      groups[relation.title, default: []].append(line(relation, seenFrom: match.catalogue))
    }
    return titles.flatMap { title in ["", "  \(title)"] + (groups[title] ?? []) }
  }

  private static func line(
    _ relation: KnowledgeBase.Relation, seenFrom catalogue: KnowledgeCatalogue
  ) -> String {
    guard let match = relation.match else {
      return "    \(relation.other)  (in no catalogue here)"
    }
    let elsewhere = match.catalogue.id == catalogue.id ? "" : "  [\(match.catalogue.id)]"
    let flags =
      match.entry.flags.isEmpty
      ? "" : "  (\(match.entry.flags.map(\.label).joined(separator: ", ")))"
    return "    \(relation.other)  \(match.entry.title)\(elsewhere)\(flags)"
  }

  /// Characters of a value that stands on one line with others.
  private static let shortAtMost = 48

  private static let titles = [
    "alsoCalled": "also called", "check": "what the engine could check",
    "componentTypes": "component types", "conflicts": "against it",
    "decisionAnomaly": "decision anomaly", "firstSeen": "first seen", "inputDrift": "input drift",
    "lastSeen": "last seen", "laterName": "called later", "levelBySource": "level by source",
    "lifeCycle": "life cycle", "nist80053": "NIST SP 800-53", "recordedUse": "recorded use",
    "reportedBy": "reported by", "securityEvent": "security event", "shortName": "short name",
    "slC": "security level (SL-C), at least", "technicalImpact": "technical impact",
  ]
}

import ThreatLanguage

/// All catalogues that an identifier is looked up in, in a fixed order, with their relations read both ways.
public struct KnowledgeBase: Sendable {
  /// An entry with the catalogue that holds it.
  public struct Match: Sendable {
    public let catalogue: KnowledgeCatalogue
    public let entry: CatalogueEntry
  }

  /// What an entry has to do with another.
  public struct Relation: Sendable {
    public let kind: CatalogueRelationKind
    /// Whether the entry asked about stands at the far end: read `kind.inverseTitle`.
    public let isInverse: Bool
    /// Identifier of the other entry.
    public let other: String
    /// The other entry; `nil` when no catalogue holds it.
    public let match: Match?
    /// Id of the catalogue that states the relation.
    public let statedBy: String

    public var title: String { isInverse ? kind.inverseTitle : kind.title }
  }

  /// Ids are unique.
  public let catalogues: [KnowledgeCatalogue]

  private struct Place {
    var catalogue: Int
    var entry: Int
  }

  private struct Statement {
    var catalogue: Int
    var source: String
    var kind: CatalogueRelationKind
    var target: String
  }

  private var places: [String: [Place]] = [:]
  private var leaving: [String: [Statement]] = [:]
  private var arriving: [String: [Statement]] = [:]

  /// Of catalogues with one id, the last counts, at the place of the first.
  public init(_ catalogues: [KnowledgeCatalogue]) {
    var kept: [KnowledgeCatalogue] = []
    for catalogue in catalogues {
      if let place = kept.firstIndex(where: { $0.id == catalogue.id }) {
        kept[place] = catalogue
      } else {
        kept.append(catalogue)
      }
    }
    self.catalogues = kept
    for (index, catalogue) in kept.enumerated() {
      for (place, entry) in catalogue.entries.enumerated() {
        places[KnowledgeCatalogue.key(entry.id), default: []].append(
          Place(catalogue: index, entry: place))
        for relation in entry.relations { state(relation, of: entry.id, in: index) }
      }
      for link in catalogue.links { state(link.relation, of: link.source, in: index) }
    }
  }

  private mutating func state(_ relation: CatalogueEntry.Relation, of source: String, in index: Int)
  {
    let statement = Statement(
      catalogue: index, source: source, kind: relation.kind, target: relation.target)
    leaving[KnowledgeCatalogue.key(source), default: []].append(statement)
    arriving[KnowledgeCatalogue.key(relation.target), default: []].append(statement)
  }

  /// This knowledge with `imported` in place of, or after, what is there.
  public func replacing(with imported: [KnowledgeCatalogue]) -> KnowledgeBase {
    imported.isEmpty ? self : KnowledgeBase(catalogues + imported)
  }

  /// The catalogue called `id`.
  public func catalogue(_ id: String) -> KnowledgeCatalogue? { catalogues.first { $0.id == id } }

  /// Entries called `id` in any catalogue; more than one where two catalogues use the same identifier.
  public func matches(_ id: String) -> [Match] {
    (places[KnowledgeCatalogue.key(id)] ?? []).map { place in
      Match(
        catalogue: catalogues[place.catalogue],
        entry: catalogues[place.catalogue].entries[place.entry])
    }
  }

  /// The entry called `id`, that of the catalogue `preferred` if it has one.
  public func match(_ id: String, preferring preferred: String? = nil) -> Match? {
    let all = matches(id)
    return all.first { $0.catalogue.id == preferred } ?? all.first
  }

  /// What an entry has to do with others: what it states, then what others state of it, in catalogue order.
  public func relations(of match: Match) -> [Relation] {
    let key = KnowledgeCatalogue.key(match.entry.id)
    let own = match.catalogue.id
    let forward = (leaving[key] ?? []).compactMap { statement -> Relation? in
      guard concerns(statement, at: statement.source, own) else { return nil }
      return relation(statement, statement.target, isInverse: false)
    }
    let backward = (arriving[key] ?? []).compactMap { statement -> Relation? in
      guard concerns(statement, at: statement.target, own) else { return nil }
      return relation(statement, statement.source, isInverse: true)
    }
    return forward + backward
  }

  /// A catalogue that has the identifier itself means its own entry, not a namesake elsewhere.
  private func concerns(_ statement: Statement, at end: String, _ catalogue: String) -> Bool {
    let speaker = catalogues[statement.catalogue]
    return speaker.id == catalogue || speaker.entry(end) == nil
  }

  private func relation(_ statement: Statement, _ other: String, isInverse: Bool) -> Relation {
    let speaker = catalogues[statement.catalogue].id
    return Relation(
      kind: statement.kind, isInverse: isInverse, other: other,
      match: match(other, preferring: speaker), statedBy: speaker)
  }

  /// “did you mean …?” for an identifier that no catalogue holds.
  public func hint(for id: String) -> String? {
    NearestName.hint(for: id, among: catalogues.flatMap { $0.entries.map(\.id) })
  }
}

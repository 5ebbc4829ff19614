import EngineSupport

/// Collects the entries of an imported catalogue: unique, printable, in a fixed order, with what was left out.
struct CatalogueBuilder {
  let document: String
  private(set) var entries: [CatalogueEntry] = []
  private var places: [String: Int] = [:]
  private var reports = 0

  /// Diagnostics that are shown of one file.
  private static let reportLimit = 50

  init(document: String) { self.document = document }

  /// Whether an entry of this identifier was added.
  func holds(_ id: String) -> Bool { places[KnowledgeCatalogue.key(id)] != nil }

  /// Adds an entry. One that is revoked or deprecated gives way to one of the same identifier that is neither.
  mutating func add(
    _ entry: CatalogueEntry, at location: SourceLocation?,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    let texts =
      [entry.id, entry.name].compactMap(\.self) + entry.attributes.flatMap(\.values)
      + entry.relations.map(\.target)
    if let problem = texts.lazy.compactMap({ CatalogueLimits.problem(of: $0) }).first {
      leaveOut("\(problem) in an entry", at: location, reportingTo: &diagnostics)
      return
    }
    let key = KnowledgeCatalogue.key(entry.id)
    if let place = places[key] {
      let kept = entries[place]
      if kept.isWithdrawn, !entry.isWithdrawn { entries[place] = entry }
      if kept.isWithdrawn == entry.isWithdrawn {
        leaveOut("the entry \"\(entry.id)\" stands twice", at: location, reportingTo: &diagnostics)
      }
      return
    }
    guard entries.count < CatalogueLimits.entries else {
      throw Diagnostic(
        "knowledge.import.too-many", "more than \(CatalogueLimits.entries) entries", at: location)
    }
    places[key] = entries.count
    entries.append(entry)
  }

  /// Says that something of the file is not in the catalogue; after a number of times, only that there is more.
  mutating func leaveOut(
    _ message: String, at location: SourceLocation?, reportingTo diagnostics: inout Diagnostics
  ) {
    reports += 1
    if reports <= Self.reportLimit {
      diagnostics.report(Diagnostic(.warning, "knowledge.import.left-out", message, at: location))
    } else if reports == Self.reportLimit + 1 {
      diagnostics.report(
        Diagnostic(
          .warning, "knowledge.import.left-out", "more is left out, and not shown",
          at: SourceLocation(document: document)))
    }
  }

  /// The entries by kind, then by identifier.
  func sorted(by kinds: [CatalogueEntry.Kind]) -> [CatalogueEntry] {
    let ranks = Dictionary(
      kinds.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return entries.sorted {
      (ranks[$0.kind] ?? kinds.count, $0.id) < (ranks[$1.kind] ?? kinds.count, $1.id)
    }
  }
}

extension CatalogueEntry {
  /// No longer meant to be used.
  var isWithdrawn: Bool { flags.contains(.revoked) || flags.contains(.deprecated) }
}

import AdversarialTesting
import EngineSupport

/// A result that can be kept while its run is interrupted.
protocol StoredPart: Sendable {
  var json: JSONValue { get }
  init?(json: JSONValue)
}

extension CaseResult: StoredPart {}
extension AuditOutcome: StoredPart {}

/// The rows of one fault or corruption.
struct SurvivalRows: StoredPart {
  var rows: [SurvivalRow]

  init(_ rows: [SurvivalRow]) { self.rows = rows }

  var json: JSONValue { .array(rows.map(\.json)) }

  init?(json: JSONValue) {
    guard let elements = json.elements else { return nil }
    rows = elements.compactMap(SurvivalRow.init(json:))
    guard rows.count == elements.count else { return nil }
  }
}

/// A journal for the parts of one resolved plan.
struct PartJournal: Sendable {
  private let journal: any WorkJournal
  private let digest: ContentDigest

  init(_ journal: any WorkJournal, digest: ContentDigest) {
    self.journal = journal
    self.digest = digest
  }

  /// The part as it was kept, or as `work` makes it now.
  func part<Part: StoredPart>(_ name: String, work: () throws -> Part) throws -> Part {
    let key = "\(digest.hexadecimal)/\(name)"
    if let kept = journal.entry(for: key).flatMap(Part.init(json:)) { return kept }
    let part = try work()
    try journal.keep(part.json, for: key)
    return part
  }
}

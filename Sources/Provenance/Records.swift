public import EngineSupport

/// The engine and the seed: the agent and the plan of everything that follows (`prov:SoftwareAgent`).
public struct EngineRecord: ProvenanceRecord {
  public static let type = "engine"
  public var version: String
  public var seed: UInt64

  public init(version: String, seed: UInt64) {
    self.version = version
    self.seed = seed
  }

  public var used: [ContentDigest] { [] }
  public var body: JSONValue {
    ["name": "bartizan", "version": .string(version), "seed": .string(String(seed))]
  }
}

/// An input file by its digest (`prov:Entity`).
public struct SourceArtifact: ProvenanceRecord {
  public static let type = "source-artifact"
  public var role: String
  public var name: String
  public var size: Int
  public var digest: ContentDigest

  public init(role: String, name: String, size: Int, digest: ContentDigest) {
    self.role = role
    self.name = name
    self.size = size
    self.digest = digest
  }

  public var used: [ContentDigest] { [] }
  public var body: JSONValue {
    [
      "role": .string(role), "name": .string(name), "size": .integer(size),
      "sha256": .string(digest.hexadecimal),
    ]
  }
}

/// A cell, a rule or a statement inside an artifact, by the digest of its own text (`prov:specializationOf`).
///
/// The artifact's digest is left to the import record, so that a slice keeps its identity when something
/// else in the file changes.
public struct SourceSlice: ProvenanceRecord {
  public static let type = "source-slice"
  public var document: String
  /// The format's own address inside the document.
  public var path: String
  public var digest: ContentDigest

  public init(document: String, path: String, digest: ContentDigest) {
    self.document = document
    self.path = path
    self.digest = digest
  }

  public var used: [ContentDigest] { [] }
  public var body: JSONValue {
    [
      "document": .string(document), "path": .string(path),
      "sha256": .string(digest.hexadecimal),
    ]
  }
}

/// An import: the artifact it read, what it made of it, and the digest of its ledger (`prov:Activity`).
public struct ImportActivity: ProvenanceRecord {
  public static let type = "import"
  public var importer: String
  /// Record of the artifact, then records of the slices that came out.
  public var used: [ContentDigest]
  public var counts: [(name: String, count: Int)]
  public var ledgerDigest: ContentDigest

  public init(
    importer: String, used: [ContentDigest], counts: [(name: String, count: Int)],
    ledgerDigest: ContentDigest
  ) {
    self.importer = importer
    self.used = used
    self.counts = counts
    self.ledgerDigest = ledgerDigest
  }

  public var body: JSONValue {
    [
      "importer": .string(importer), "ledgerSha256": .string(ledgerDigest.hexadecimal),
      "counts": .object(counts.map { ($0.name, .integer($0.count)) }),
    ]
  }
}

/// Something the engine made from earlier things: lineage, an instance model, an attack graph (`prov:Activity`).
public struct Derivation: ProvenanceRecord {
  public static let type = "derivation"
  /// What came out, such as `attack graph`.
  public var product: String
  public var used: [ContentDigest]
  public var counts: [(name: String, count: Int)]
  /// Digest of what came out, in a canonical form.
  public var digest: ContentDigest

  public init(
    product: String, used: [ContentDigest], counts: [(name: String, count: Int)],
    digest: ContentDigest
  ) {
    self.product = product
    self.used = used
    self.counts = counts
    self.digest = digest
  }

  public var body: JSONValue {
    [
      "product": .string(product), "sha256": .string(digest.hexadecimal),
      "counts": .object(counts.map { ($0.name, .integer($0.count)) }),
    ]
  }
}

/// The rules in force: a language with the artifacts of its sources (`prov:Plan`).
public struct RuleSet: ProvenanceRecord {
  public static let type = "rule-set"
  public var language: String
  public var version: String
  public var used: [ContentDigest]

  public init(language: String, version: String, used: [ContentDigest]) {
    self.language = language
    self.version = version
    self.used = used
  }

  public var body: JSONValue { ["language": .string(language), "version": .string(version)] }
}

/// A campaign against a model: what ran, on which bytes, with which result (`prov:Activity`).
public struct TestRun: ProvenanceRecord {
  public static let type = "test-run"
  public var id: String
  /// Records of model and data.
  public var used: [ContentDigest]
  /// Plan, figures and the digest of the per-sample records.
  public var body: JSONValue

  public init(id: String, used: [ContentDigest], facts: [(String, JSONValue?)]) {
    self.id = id
    self.used = used
    body = .object([("id", .string(id))] + facts)
  }
}

/// A finding with the records it rests on.
public struct FindingRecord: ProvenanceRecord {
  public static let type = "finding"
  public var id: String
  public var fingerprint: ContentDigest
  public var statement: ContentDigest
  public var used: [ContentDigest]

  public init(
    id: String, fingerprint: ContentDigest, statement: ContentDigest, used: [ContentDigest]
  ) {
    self.id = id
    self.fingerprint = fingerprint
    self.statement = statement
    self.used = used
  }

  public var body: JSONValue {
    [
      "id": .string(id), "fingerprint": .string(fingerprint.hexadecimal),
      "statementSha256": .string(statement.hexadecimal),
    ]
  }
}

public import EngineSupport

/// The append-only list of all records of one run, under a Merkle root.
public struct EvidenceLedger: Sendable {
  /// Where a record stands in the ledger.
  public struct Entry: Sendable, Hashable {
    public let index: Int
    /// SHA-256 of the record's canonical bytes: what other records refer to.
    public let id: ContentDigest
    public let type: String
  }

  public private(set) var entries: [Entry] = []
  private var lines: [[UInt8]] = []
  private var tree = MerkleTree()
  private var indexOfID: [ContentDigest: Int] = [:]

  public init() {}

  /// Appends a record; one that is there already keeps its first place.
  ///
  /// Every identifier in `used` must be in the ledger: a record that rests on nothing is a defect of the engine.
  @discardableResult
  public mutating func append(_ record: some ProvenanceRecord) -> Entry {
    precondition(
      record.used.allSatisfy { indexOfID[$0] != nil },
      "a record may only use records that are in the ledger")
    let line = record.canonicalBytes
    let id = ContentDigest(of: line)
    if let index = indexOfID[id] { return entries[index] }
    let entry = Entry(index: lines.count, id: id, type: type(of: record).type)
    indexOfID[id] = entry.index
    entries.append(entry)
    lines.append(line)
    tree.append(line)
    return entry
  }

  public func entry(_ id: ContentDigest) -> Entry? { indexOfID[id].map { entries[$0] } }

  /// The tree head over all lines.
  public var root: ContentDigest { tree.root }

  /// One canonical JSON document a line, each ended by a line feed: the file `evidence.jsonl`.
  public var jsonLines: [UInt8] { lines.flatMap { $0 + [UInt8(ascii: "\n")] } }

  public func inclusionProof(of entry: Entry) -> [ContentDigest] {
    tree.inclusionProof(of: entry.index)
  }
}

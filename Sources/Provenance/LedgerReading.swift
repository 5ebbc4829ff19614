public import EngineSupport

/// A ledger as somebody else reads it: lines of text, checked before anything in them is believed.
public struct LedgerReading: Sendable {
  public struct Record: Sendable {
    public let id: ContentDigest
    public let type: String
    public let used: [ContentDigest]
    public let body: JSONValue
    /// Line in the file, from 1.
    public let line: Int
  }

  public let records: [Record]
  /// Recomputed from the lines.
  public let root: ContentDigest

  /// Reads `evidence.jsonl`. Each line must be a record that uses earlier ones only.
  public init(reading document: InputDocument) throws(Diagnostic) {
    var records: [Record] = []
    var tree = MerkleTree()
    var seen: Set<ContentDigest> = []
    var lines = document.bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.last?.isEmpty == true else {
      throw Diagnostic(
        "evidence.truncated", "the last line has no end",
        at: SourceLocation(document: document.name, line: lines.count))
    }
    lines.removeLast()
    for (index, line) in lines.enumerated() {
      let record = try Self.record(Array(line), line: index + 1, of: document.name)
      for id in record.used where !seen.contains(id) {
        throw Diagnostic(
          "evidence.dangling", "the record uses \(id.short)…, which stands nowhere before it",
          at: SourceLocation(document: document.name, line: index + 1))
      }
      seen.insert(record.id)
      records.append(record)
      tree.append(Array(line))
    }
    self.records = records
    root = tree.root
  }

  private static func record(
    _ bytes: [UInt8], line: Int, of document: String
  ) throws(Diagnostic) -> Record {
    let place = SourceLocation(document: document, line: line)
    let value: JSONValue
    do {
      value = try JSONParser.parse(InputDocument(name: document, bytes: bytes))
    } catch {
      throw Diagnostic("evidence.malformed", error.message, at: place)
    }
    let used = value["used"]?.elements?.map { $0.string.flatMap(ContentDigest.init(hexadecimal:)) }
    guard let type = value["type"]?.string, let body = value["body"], let used,
      !used.contains(nil)
    else {
      throw Diagnostic(
        "evidence.malformed", "a record has a type, a body and a list of used records", at: place)
    }
    return Record(
      id: ContentDigest(of: bytes), type: type, used: used.compactMap(\.self), body: body,
      line: line)
  }
}

import EngineSupport
import Provenance
import Testing

@Suite struct EvidenceLedgerTests {
  private func sample() -> EvidenceLedger {
    var ledger = EvidenceLedger()
    ledger.append(EngineRecord(version: "1", seed: 7))
    let file = ledger.append(
      SourceArtifact(role: "diagram", name: "a.drawio", size: 3, digest: ContentDigest(of: [1])))
    let cell = ledger.append(
      SourceSlice(document: "a.drawio", path: "cell x", digest: ContentDigest(of: [2])))
    ledger.append(
      ImportActivity(
        importer: "draw.io", used: [file.id, cell.id], counts: [("imported", 1)],
        ledgerDigest: ContentDigest(of: [3])))
    ledger.append(
      FindingRecord(
        id: "f", fingerprint: ContentDigest(of: [4]), statement: ContentDigest(of: [5]),
        used: [cell.id]))
    return ledger
  }

  @Test func aReaderRecomputesTheRoot() throws {
    let ledger = sample()
    let reading = try LedgerReading(
      reading: InputDocument(name: "evidence.jsonl", bytes: ledger.jsonLines))
    #expect(reading.root == ledger.root)
    #expect(reading.records.map(\.id) == ledger.entries.map(\.id))
    #expect(reading.records.map(\.type).last == "finding")
  }

  @Test func equalRecordsStandOnce() {
    var ledger = sample()
    let before = ledger.root
    let count = ledger.entries.count
    ledger.append(EngineRecord(version: "1", seed: 7))
    #expect(ledger.root == before)
    #expect(ledger.entries.count == count)
    ledger.append(EngineRecord(version: "1", seed: 8))
    #expect(ledger.root != before)
  }

  @Test func everyEntryHasAProofUnderTheRoot() throws {
    let ledger = sample()
    let lines = ledger.jsonLines.split(separator: UInt8(ascii: "\n"))
    for entry in ledger.entries {
      #expect(
        MerkleTree.verifies(
          ledger.inclusionProof(of: entry), of: MerkleTree.hash(leaf: Array(lines[entry.index])),
          at: entry.index, count: ledger.entries.count, under: ledger.root))
    }
  }

  @Test func everyChangedByteChangesTheRootOrIsRefused() {
    let ledger = sample()
    let bytes = ledger.jsonLines
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      let reading = try? LedgerReading(
        reading: InputDocument(name: "evidence.jsonl", bytes: changed))
      #expect(reading?.root != ledger.root, "byte \(index)")
    }
  }

  @Test func removedAndSwappedLinesAreNoticed() throws {
    let ledger = sample()
    let lines = ledger.jsonLines.split(separator: UInt8(ascii: "\n")).map { $0 + [0x0A] }
    for index in lines.indices {
      var fewer = lines
      fewer.remove(at: index)
      let reading = try? LedgerReading(
        reading: InputDocument(name: "e", bytes: fewer.flatMap(\.self)))
      #expect(reading?.root != ledger.root)
    }
    var swapped = lines
    swapped.swapAt(1, 2)
    let reading = try LedgerReading(
      reading: InputDocument(name: "e", bytes: swapped.flatMap(\.self)))
    #expect(reading.root != ledger.root)
  }

  @Test func danglingReferencesAreRefusedWithTheirLine() {
    let lines = sample().jsonLines.split(separator: UInt8(ascii: "\n")).map { $0 + [0x0A] }
    let error = #expect(throws: Diagnostic.self) {
      try LedgerReading(
        reading: InputDocument(
          name: "e", bytes: [lines[0], lines[1], lines[3]].flatMap(\.self)))
    }
    #expect(error?.code == "evidence.dangling")
    #expect(error?.location?.line == 3)
  }
}

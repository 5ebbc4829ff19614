import EngineSupport
import Testing

@testable import ZipArchives

@Suite("Zip archives in memory")
struct ZipArchiveTests {
  private let limits = ZipLimits(memberBytes: 1 << 20, totalBytes: 3 << 19, memberCount: 3)

  private func members(
    _ bytes: [UInt8], where isWanted: (String) -> Bool = { _ in true }
  ) throws(Diagnostic) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    let document = InputDocument(name: "a.zip", bytes: bytes)
    try ZipMembers.read(document, limits: limits, code: "test", where: isWanted) {
      found[$0] = $1
    }
    return found
  }

  @Test func whatIsWrittenIsReadAndTheBytesAreStable() throws {
    var random = SeededRandom(seed: 7)
    let noise = (0..<100_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let content: [(name: String, bytes: [UInt8])] = [
      ("a.txt", Array("hello".utf8)), ("dir/noise", noise), ("empty", []),
    ]
    let archive = try #require(ZipWriter.archive(content))
    #expect(archive == ZipWriter.archive(content))
    let read = try members(archive)
    #expect(read.count == 3)
    for (name, bytes) in content { #expect(read[name] == bytes) }
    #expect(try members(archive, where: { $0 == "a.txt" }).keys.sorted() == ["a.txt"])
  }

  @Test func codesBeginAsTheCallerSays() throws {
    #expect(throws: Diagnostic.self) { try members([1, 2, 3]) }
    do {
      _ = try members(Array("PK".utf8))
    } catch { #expect(error.code == "test.malformed") }
    let many = try #require(ZipWriter.archive((0..<4).map { ("\($0)", []) }))
    do {
      _ = try members(many)
      Issue.record("too many members were read")
    } catch { #expect(error.code == "test.limit") }
  }

  @Test func everyTruncationIsRefused() throws {
    let archive = try #require(ZipWriter.archive([("a", Array("hello hello hello".utf8))]))
    for length in archive.indices {
      #expect(throws: Diagnostic.self, "\(length)") { try members(Array(archive[..<length])) }
    }
  }
}

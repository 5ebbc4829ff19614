import EngineSupport
import Foundation
import Testing

@testable import ThreatKnowledge

/// The committed catalogues are what `scripts/make-catalogues` makes of the knowledge files.
@Suite struct MakeCataloguesTests {
  @Test(
    .enabled(
      if: SharedFiles.isPresent(SharedFiles.knowledge),
      "the knowledge files are not beside the checkout"))
  func makingThemAgainGivesTheSameBytes() throws {
    let output = FileManager.default.temporaryDirectory
      .appending(path: "bartizan-catalogues-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: output) }
    let script = SharedFiles.packageRoot.appending(path: "scripts/make-catalogues")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path, SharedFiles.knowledge.path, output.path]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let bundled = KnowledgeBase.bundledFiles
    let made = try FileManager.default.contentsOfDirectory(atPath: output.path).sorted()
    #expect(made == bundled.map(\.name).sorted())
    for file in bundled {
      let bytes = try SharedFiles.document(output.appending(path: file.name)).bytes
      #expect(bytes == file.bytes, "\(file.name)")
    }
  }

  @Test func theProgramHoldsWhatLiesInTheRepository() throws {
    for file in KnowledgeBase.bundledFiles {
      let path = SharedFiles.packageRoot.appending(path: "Sources/CCatalogues/Data/\(file.name)")
      #expect(try SharedFiles.document(path).bytes == file.bytes, "\(file.name)")
    }
  }
}

import Foundation
import Testing

/// The page of the manual that says how well documented attacks are found; written with `RECORD_GOLDENS=1`.
@Suite struct ReplayPageTests {
  private static let page = DocumentedTechniqueTests.root
    .appending(path: "Sources/bartizan/Manual.docc/Replays.md")

  @Test func thePageSaysWhatTheReplaysGive() throws {
    let text = try ReplayPage.text()
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      try Data(text.utf8).write(to: Self.page)
    }
    #expect(try String(contentsOf: Self.page, encoding: .utf8) == text)
  }
}

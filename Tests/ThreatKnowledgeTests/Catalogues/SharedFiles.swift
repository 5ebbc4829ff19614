import EngineSupport
import Foundation

/// Real files beside the checkout, if they are there.
enum SharedFiles {
  static let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static var folder: URL {
    ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(filePath: $0) }
      ?? packageRoot.deletingLastPathComponent().appending(path: "shared")
  }

  static var stix: URL {
    folder.appending(path: "corpus/attack-stix/attack-stix-data/ics-attack-18.1.json")
  }
  static var atlas: URL { folder.appending(path: "corpus/atlas/atlas-data/ATLAS.yaml") }
  static var knowledge: URL { folder.appending(path: "knowledge") }

  static func isPresent(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

  static func document(_ url: URL) throws -> InputDocument {
    InputDocument(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))
  }
}

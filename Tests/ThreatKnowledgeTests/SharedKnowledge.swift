import EngineSupport
import Foundation

/// The identifiers of the public catalogues, read beside the checkout; absent in a plain checkout.
enum SharedKnowledge {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let folder: URL = {
    let shared =
      ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared")
    return shared.appending(path: "knowledge")
  }()

  static let isPresent = FileManager.default.fileExists(
    atPath: folder.appending(path: "attack-ics.json").path)

  static func catalogue(_ name: String) throws -> JSONValue {
    let bytes = try Data(contentsOf: folder.appending(path: name))
    return try JSONParser.parse(InputDocument(name: name, bytes: [UInt8](bytes)))
  }

  /// The `id` of each member of the list `list`.
  static func ids(_ name: String, _ list: String) throws -> Set<String> {
    Set((try catalogue(name)[list]?.elements ?? []).compactMap { $0["id"]?.string })
  }

  /// The 122 rows of IEC 62443-4-2 that a component can be judged by.
  static func requirementRows() throws -> Set<String> {
    var rows: Set<String> = []
    for requirement in try catalogue("iec62443-4-2.json")["requirements"]?.elements ?? [] {
      let kind = requirement["kind"]?.string
      if kind == "common" || kind == "type-specific", let id = requirement["id"]?.string {
        rows.insert(id)
      }
      rows.formUnion((requirement["enhancements"]?.elements ?? []).compactMap { $0["id"]?.string })
    }
    return rows
  }

  static func controls() throws -> Set<String> {
    Set(
      (try catalogue("iso42001.json")["annex_a"]?.elements ?? []).flatMap {
        ($0["controls"]?.elements ?? []).compactMap { $0["id"]?.string }
      })
  }
}

import EngineSupport
import Foundation

/// The corpus of real files beside the checkout, if it is there.
enum Corpus {
  static let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static var folder: URL {
    let shared = ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(filePath: $0) }
    return (shared ?? packageRoot.deletingLastPathComponent().appending(path: "shared"))
      .appending(path: "corpus")
  }

  static var isPresent: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "EXPECT.tsv").path)
  }

  /// Metric → value for each file of one kind, by path.
  static func expectations(kind: String) throws -> [(path: String, metrics: [String: String])] {
    let table = try String(contentsOf: folder.appending(path: "EXPECT.tsv"), encoding: .utf8)
    var files: [(path: String, metrics: [String: String])] = []
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 4, fields[0] == kind else { continue }
      if files.last?.path != fields[1] { files.append((fields[1], [:])) }
      files[files.count - 1].metrics[fields[2]] = fields[3]
    }
    return files
  }

  static func document(_ path: String) throws -> InputDocument {
    InputDocument(name: path, bytes: Array(try Data(contentsOf: folder.appending(path: path))))
  }
}

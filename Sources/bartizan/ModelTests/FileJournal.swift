import EngineSupport
import Foundation
import ModelTesting
import Synchronization

/// Finished parts of a run in a file beside its output, one a line: `key`, a tab, JSON. A run that was interrupted
/// leaves it behind, the next one goes on from it, and a finished run removes it.
///
/// The file is trusted as the output itself is. A line that was cut off, or that says something else, counts as not
/// there.
final class FileJournal: WorkJournal {
  private static let sizeLimit = 1 << 30

  private let path: String
  private let kept: [String: JSONValue]
  private let file: Mutex<FileHandle?>

  /// The journal beside an output directory.
  init(besideOutput output: String) throws {
    let target = URL(fileURLWithPath: output).standardizedFileURL
    path =
      target.deletingLastPathComponent()
      .appendingPathComponent(".\(target.lastPathComponent).journal").path
    kept = Self.read(path)
    file = Mutex(nil)
  }

  /// Parts that an earlier run left.
  var count: Int { kept.count }

  func entry(for key: String) -> JSONValue? { kept[key] }

  func keep(_ entry: JSONValue, for key: String) throws {
    let line = Array("\(key)\t".utf8) + CanonicalJSON.bytes(of: entry) + [UInt8(ascii: "\n")]
    try file.withLock { handle in
      do {
        if handle == nil { handle = try open() }
        try handle?.write(contentsOf: Data(line))
      } catch {
        throw WorldFailure(description: "\(path) cannot be written: \(error.localizedDescription)")
      }
    }
  }

  /// Call it when the output has been written.
  func remove() throws {
    try file.withLock { handle in
      try handle?.close()
      handle = nil
    }
    if FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
  }

  private func open() throws -> FileHandle {
    let url = URL(fileURLWithPath: path)
    let manager = FileManager.default
    try manager.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    if !manager.fileExists(atPath: path) { try Data().write(to: url) }
    let handle = try FileHandle(forUpdating: url)
    let end = try handle.seekToEnd()
    // A line that was cut off must not swallow the next one.
    if end > 0 {
      try handle.seek(toOffset: end - 1)
      let last = try handle.readToEnd()
      if last != Data([UInt8(ascii: "\n")]) { try handle.write(contentsOf: Data("\n".utf8)) }
    }
    return handle
  }

  private static func read(_ path: String) -> [String: JSONValue] {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let size = attributes[.size] as? NSNumber, size.intValue <= sizeLimit,
      let data = FileManager.default.contents(atPath: path)
    else { return [:] }
    var kept: [String: JSONValue] = [:]
    for line in [UInt8](data).split(separator: UInt8(ascii: "\n")) {
      guard let tab = line.firstIndex(of: UInt8(ascii: "\t")),
        let value = try? JSONParser.parse(
          InputDocument(name: "journal", bytes: Array(line[(tab + 1)...])))
      else { continue }
      kept[String(decoding: line[..<tab], as: UTF8.self)] = value
    }
    return kept
  }
}

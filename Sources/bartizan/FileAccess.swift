import EngineSupport
import Foundation

/// Reads input files with size limits and writes single files whole; what a user can mend is a diagnostic,
/// the rest a failure of the world.
enum FileAccess {
  /// The file at `path` under the name `name`. `place` is the line that names the file, if a line does.
  static func read(
    _ path: String, as name: String, limit: Int, namedAt place: SourceLocation? = nil
  ) throws -> InputDocument {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Diagnostic(
        "input.file.missing", "the file \"\(name)\" does not exist",
        at: place ?? SourceLocation(document: name))
    }
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular else {
      throw Diagnostic(
        "input.file.not-regular", "\"\(name)\" is not a regular file",
        at: place ?? SourceLocation(document: name))
    }
    if let size = attributes?[.size] as? NSNumber, size.intValue > limit {
      throw Diagnostic(
        "input.file.too-large",
        "\"\(name)\" has \(size.intValue) bytes; at most \(limit) are read",
        at: place ?? SourceLocation(document: name))
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw WorldFailure(description: "\(path) cannot be read; check its permissions")
    }
    return InputDocument(name: name, bytes: [UInt8](data))
  }

  /// Writes the whole file or nothing.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw WorldFailure(
        description: "\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}

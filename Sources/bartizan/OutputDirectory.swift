import Foundation

/// Writes a whole directory or nothing: files go to a neighbour first, which then takes the place by renaming.
struct OutputDirectory {
  let path: String
  /// A file that marks a directory as an earlier output of this command, which may be replaced.
  let marker: String

  private var target: URL { URL(fileURLWithPath: path).standardizedFileURL }

  private func neighbour(_ suffix: String) -> URL {
    target.deletingLastPathComponent().appendingPathComponent(
      ".\(target.lastPathComponent).\(suffix)-\(ProcessInfo.processInfo.processIdentifier)")
  }

  /// Refuses a target that is there and was not written by this command; call it before long work.
  func checkReplaceable() throws {
    let manager = FileManager.default
    guard manager.fileExists(atPath: target.path) else { return }
    let attributes = try? manager.attributesOfItem(
      atPath: target.resolvingSymlinksInPath().path)
    guard attributes?[.type] as? FileAttributeType == .typeDirectory else {
      throw WorldFailure(description: "\(path) is a file; give a directory for the output")
    }
    let names = (try? manager.contentsOfDirectory(atPath: target.path)) ?? []
    guard names.isEmpty || names.contains(marker) else {
      throw WorldFailure(
        description: "\(path) holds other files and is left alone; give a new or empty directory")
    }
  }

  func write(_ files: [(name: String, bytes: [UInt8])]) throws {
    try checkReplaceable()
    let manager = FileManager.default
    let partial = neighbour("partial")
    let previous = neighbour("previous")
    do {
      try manager.createDirectory(at: partial, withIntermediateDirectories: true)
      for file in files {
        let url = partial.appendingPathComponent(file.name)
        try manager.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: url)
      }
      let replaces = manager.fileExists(atPath: target.path)
      if replaces { try manager.moveItem(at: target, to: previous) }
      do {
        try manager.moveItem(at: partial, to: target)
      } catch {
        if replaces { try manager.moveItem(at: previous, to: target) }
        throw error
      }
      if replaces { try manager.removeItem(at: previous) }
    } catch {
      try? manager.removeItem(at: partial)
      throw WorldFailure(
        description: "\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}

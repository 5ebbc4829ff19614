import Foundation

/// Runs the built `bartizan` as a user would, in a folder of its own.
struct CommandRun {
  let status: Int32
  let output: String
  let errors: String

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let sample = root.appendingPathComponent("samples/handheld-terminal/bartizan.yaml").path

  /// The command lies beside the test bundle in the build folder.
  private static var command: URL {
    let arguments = ProcessInfo.processInfo.arguments
    let bundle = arguments.first { $0.hasSuffix(".xctest") } ?? arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent()
      .appendingPathComponent("bartizan")
  }

  init(_ arguments: String..., in folder: URL) throws { try self.init(arguments, in: folder) }

  /// - Parameters:
  ///   - kilobytesOfMemory: Address space that the command may take; nil for no limit.
  ///   - path: Where the command finds other programs; nil for where the tests find them.
  init(
    _ arguments: [String], in folder: URL, kilobytesOfMemory: Int? = nil, path: String? = nil
  ) throws {
    let process = Process()
    process.executableURL = Self.command
    process.arguments = arguments
    if let kilobytesOfMemory {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments =
        ["-c", "ulimit -v \(kilobytesOfMemory) && exec \"$@\"", "sh", Self.command.path]
        + arguments
    }
    process.currentDirectoryURL = folder
    if let path {
      process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { $1 }
    }
    let (out, err) = (folder.appendingPathComponent(".out"), folder.appendingPathComponent(".err"))
    for file in [out, err] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOf: out, encoding: .utf8)
    errors = try String(contentsOf: err, encoding: .utf8)
  }

  /// A new folder that `work` may fill; removed afterwards.
  static func inFolder(_ work: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("bartizan-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try work(folder)
  }

  /// What a user sees in the folder.
  static func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0 != ".out" && $0 != ".err" }.sorted()
  }

  /// The sample with its models, copied so that a test can damage it.
  static func copySample(to folder: URL) throws -> URL {
    let manager = FileManager.default
    for name in ["samples", "models"] {
      try manager.copyItem(
        at: root.appendingPathComponent(name), to: folder.appendingPathComponent(name))
    }
    return folder.appendingPathComponent("samples/handheld-terminal")
  }
}

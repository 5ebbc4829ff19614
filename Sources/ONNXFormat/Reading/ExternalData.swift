public import EngineSupport

/// Where a model's constants may be read from when they are kept beside the model: the caller hands over
/// documents by name, and a name that leaves the model's folder is never asked for.
public struct ExternalData: Sendable {
  /// The bytes of all documents together that are accepted.
  public var byteLimit: Int
  let document: @Sendable (String) throws(Diagnostic) -> InputDocument?

  /// - Parameter document: Called with a relative path inside the model's folder; nil if there is no such file.
  public init(
    byteLimit: Int = 2 << 30,
    document: @escaping @Sendable (String) throws(Diagnostic) -> InputDocument?
  ) {
    self.byteLimit = byteLimit
    self.document = document
  }

  /// No file beside the model is read.
  public static let none = ExternalData { _ in nil }

  /// Whether a path stays inside the folder it starts from, whatever the file system.
  static func isInside(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !path.isEmpty && path.utf8.count <= 1_024 && !path.contains("\\") && !path.contains(":")
      && path.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }
}

/// The documents of one reading, each asked for once.
final class ExternalDocuments {
  private let source: ExternalData
  private var known: [String: InputDocument?] = [:]
  private var bytes = 0

  init(_ source: ExternalData) { self.source = source }

  /// The bytes that a constant's `external_data` entries name.
  ///
  /// Errors: `onnx.external-data.malformed`, `onnx.external-data.outside`, `onnx.external-data.missing`,
  /// `onnx.limit`.
  func bytes(
    of entries: [WireStringStringEntry], count: Int, at location: SourceLocation
  ) throws(Diagnostic) -> ArraySlice<UInt8> {
    func malformed(_ reason: String) -> Diagnostic {
      Diagnostic("onnx.external-data.malformed", reason, at: location)
    }
    var fields: [String: String] = [:]
    for entry in entries { fields[entry.key] = entry.value }
    guard let name = fields["location"] else { throw malformed("the file's name is missing") }
    guard ExternalData.isInside(name) else {
      throw Diagnostic(
        "onnx.external-data.outside",
        "the values are kept in \"\(name)\", which is not a path inside the model's folder",
        at: location)
    }
    func number(_ key: String) throws(Diagnostic) -> Int? {
      guard let text = fields[key] else { return nil }
      guard let value = Int(text), value >= 0 else {
        throw malformed("\(key) \"\(text)\" is no size")
      }
      return value
    }
    let offset = try number("offset") ?? 0
    guard let document = try document(name, at: location) else {
      throw Diagnostic(
        "onnx.external-data.missing", "there is no file \"\(name)\" beside the model", at: location)
    }
    let length = try number("length") ?? count
    guard length == count else {
      throw malformed("\(count) bytes are needed, but the entry names \(length)")
    }
    guard offset <= document.bytes.count, length <= document.bytes.count - offset else {
      throw malformed(
        "bytes \(offset) and \(length) more are not all in \"\(name)\", which has "
          + "\(document.bytes.count)")
    }
    return document.bytes[offset..<offset + length]
  }

  private func document(
    _ name: String, at location: SourceLocation
  ) throws(Diagnostic) -> InputDocument? {
    if let known = known[name] { return known }
    let document = try source.document(name)
    known[name] = .some(document)
    bytes += document?.bytes.count ?? 0
    guard bytes <= source.byteLimit else {
      throw Diagnostic(
        "onnx.limit", "more than \(source.byteLimit) bytes of external data", at: location)
    }
    return document
  }
}

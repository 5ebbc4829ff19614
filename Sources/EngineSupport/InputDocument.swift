/// Bytes that somebody handed us, with the name they are reported under: the only way input enters the engine.
public struct InputDocument: Sendable, Hashable {
  /// The name used in diagnostics and evidence: a path relative to the product file, with `/`.
  public var name: String
  public var bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// The document as text, or a located diagnostic for the first byte that is not UTF-8.
  public func text() throws(Diagnostic) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostic(
        "input.not-utf8", "the file is not UTF-8 text", at: SourceLocation(document: name))
    }
    return text
  }
}

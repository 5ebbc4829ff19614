/// Where in a source document something stands: the anchor of every diagnostic and every piece of evidence.
///
/// Lines and columns count from 1; a column counts bytes of UTF-8. `path` is the format's own address
/// (a draw.io cell id, an XPath, a JSON pointer, an ONNX node name).
public struct SourceLocation: Hashable, Sendable, Codable {
  public var document: String
  public var line: Int?
  public var column: Int?
  /// Half-open range of bytes in the document, after any decoding that `path` names.
  public var byteRange: Range<Int>?
  public var path: String?

  public init(
    document: String, line: Int? = nil, column: Int? = nil, byteRange: Range<Int>? = nil,
    path: String? = nil
  ) {
    self.document = document
    self.line = line
    self.column = column
    self.byteRange = byteRange
    self.path = path
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `document:line:column (path)` with the parts that are known.
  public var description: String {
    var text = document
    if let line { text += ":\(line)" }
    if let column, line != nil { text += ":\(column)" }
    if let path { text += " (\(path))" }
    return text
  }
}

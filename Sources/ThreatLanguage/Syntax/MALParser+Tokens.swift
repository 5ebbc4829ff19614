import EngineSupport

/// Looking at tokens: what stands here, what is expected, and how both are named in errors.
extension MALParser {
  var current: MALToken { tokens[position] }

  var previous: MALToken { tokens[max(position - 1, 0)] }

  func kind(at index: Int) -> MALToken.Kind { index < tokens.count ? tokens[index].kind : .end }

  func text(at index: Int) -> String? {
    guard index < tokens.count, tokens[index].kind == .word else { return nil }
    return text(tokens[index])
  }

  func text(_ token: MALToken) -> String {
    String(decoding: document.bytes[token.range], as: UTF8.self)
  }

  func isKeyword(_ word: StaticString) -> Bool {
    current.kind == .word && current.range.count == word.utf8CodeUnitCount
      && text(current) == word.description
  }

  /// The last token, `end`, is never passed.
  mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  mutating func accept(_ kind: MALToken.Kind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }

  mutating func expect(_ kind: MALToken.Kind, _ what: String) throws(Diagnostic) -> MALToken {
    guard current.kind == kind else { throw unexpected(what) }
    let token = current
    advance()
    return token
  }

  mutating func expectName(_ what: String) throws(Diagnostic) -> NameSyntax {
    let token = try expect(.word, what)
    return NameSyntax(text: text(token), location: place(token))
  }

  func unexpected(_ expected: String, hint: String? = nil) -> Diagnostic {
    let found =
      switch current.kind {
      case .end: "the end of the document"
      case .string: "a text in quotes"
      default: "`\(text(current))`"
      }
    return Diagnostic(
      "mal.syntax.unexpected", "expected \(expected), found \(found)", at: place(current),
      hint: hint)
  }

  func place(_ token: MALToken) -> SourceLocation {
    SourceLocation(
      document: document.name, line: token.line, column: token.column, byteRange: token.range)
  }

  /// From `first` to the last token that was read.
  func place(from first: MALToken) -> SourceLocation {
    let end = max(previous.range.upperBound, first.range.upperBound)
    return SourceLocation(
      document: document.name, line: first.line, column: first.column,
      byteRange: first.range.lowerBound..<end)
  }

  /// The text between the quotes, with `\"`, `\\`, `\n`, `\r`, `\t`, `\b` and `\f` replaced; another
  /// character after a backslash stands for both.
  func stringValue(_ token: MALToken) -> String {
    var bytes = document.bytes[token.range]
    let quote = UInt8(ascii: "\"")
    let width = bytes.count >= 6 && bytes.prefix(3).allSatisfy { $0 == quote } ? 3 : 1
    bytes = bytes.dropFirst(width)
    if bytes.count >= width, bytes.last == quote { bytes = bytes.dropLast(width) }
    var value: [UInt8] = []
    value.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex {
        index += 1
        if let meaning = Self.escapes[bytes[index]] {
          value.append(meaning)
        } else {
          value += [UInt8(ascii: "\\"), bytes[index]]
        }
      } else {
        value.append(bytes[index])
      }
      index += 1
    }
    return String(decoding: value, as: UTF8.self)
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "b"): 8,
    UInt8(ascii: "f"): 12,
  ]
}

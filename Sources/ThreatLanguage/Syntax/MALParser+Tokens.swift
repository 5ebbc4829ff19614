import EngineSupport

/// Looking at tokens: what stands here, what is expected, and how both are named in errors.
extension MALParser {
  var current: MALToken { tokens[position] }

  /// The last token that was read.
  var previous: MALToken {
    var index = max(position - 1, 0)
    while index > 0, tokens[index].kind == .legacyDetector { index -= 1 }
    return tokens[index]
  }

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

  /// The last token, `end`, is never passed; `//!` is a comment except where a detector may stand.
  mutating func advance() {
    repeat {
      guard position < tokens.count - 1 else { return }
      position += 1
    } while current.kind == .legacyDetector && !awaitsDetectors
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

  /// The text between the quotes as it stands in the source.
  func rawValue(_ token: MALToken) -> String {
    String(decoding: MALText.content(of: document.bytes[token.range]), as: UTF8.self)
  }

  /// The text between the quotes, escapes replaced.
  func stringValue(_ token: MALToken) -> String {
    MALText.unescaped(MALText.content(of: document.bytes[token.range]))
  }
}

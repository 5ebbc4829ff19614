import EngineSupport

/// Cuts MAL source into tokens; comments and white space fall away.
///
/// Grammar: the MAL specification, with multi-line and triple-quoted strings as mal-toolbox reads them.
struct MALLexer {
  private let document: InputDocument
  private let bytes: [UInt8]
  /// Where reading ends.
  private var limit: Int
  /// `false` on the second try at a file whose quotes do not pair: strings then end with their line.
  private let allowsMultilineStrings: Bool
  private var offset = 0
  private var line = 1
  private var lineStart = 0
  private var isFirstOnLine = true
  private var tokens: [MALToken] = []
  private var problems: [Diagnostic] = []
  /// The first string that runs over a line's end: where a forgotten quote most likely is.
  private var hasUnpairedQuote = false

  private init(_ document: InputDocument, allowsMultilineStrings: Bool) {
    self.document = document
    self.bytes = document.bytes
    limit = document.bytes.count
    self.allowsMultilineStrings = allowsMultilineStrings
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      offset = 3
      lineStart = 3
    }
  }

  /// The tokens, ended by one of kind `end`, and what was wrong with the characters.
  static func tokens(of document: InputDocument) -> (tokens: [MALToken], problems: [Diagnostic]) {
    var lexer = MALLexer(document, allowsMultilineStrings: true)
    lexer.run()
    if lexer.hasUnpairedQuote {
      lexer = MALLexer(document, allowsMultilineStrings: false)
      lexer.run()
    }
    return (lexer.tokens, lexer.problems)
  }

  /// The tokens of a legacy detector: what stands after its `//!`, ended by one of kind `end`; none
  /// where it cannot be cut into tokens.
  static func tokens(of detector: MALToken, in document: InputDocument) -> [MALToken] {
    var lexer = MALLexer(document, allowsMultilineStrings: false)
    lexer.limit = detector.range.upperBound
    lexer.offset = detector.range.lowerBound + 3
    lexer.line = detector.line
    lexer.lineStart = detector.range.lowerBound - detector.column + 1
    lexer.isFirstOnLine = false
    lexer.run()
    return lexer.problems.isEmpty ? lexer.tokens : []
  }

  private mutating func run() {
    while offset < limit {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\n"):
        advanceLine()
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        offset += 1
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
        skipLineComment()
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
        skipBlockComment()
      case UInt8(ascii: "\""):
        lexString()
      case let byte where Self.isWord(byte):
        lexWord()
      default:
        lexSymbol()
      }
    }
    append(.end, length: 0)
  }

  private func peek(_ distance: Int) -> UInt8 {
    offset + distance < limit ? bytes[offset + distance] : 0
  }

  static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || byte == UInt8(ascii: "_")
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func advanceLine() {
    offset += 1
    line += 1
    lineStart = offset
    isFirstOnLine = true
  }

  private mutating func append(_ kind: MALToken.Kind, length: Int) {
    tokens.append(
      MALToken(
        kind: kind, range: offset..<offset + length, line: line, column: offset - lineStart + 1,
        isFirstOnLine: isFirstOnLine))
    isFirstOnLine = false
    offset += length
  }

  private func place(length: Int) -> SourceLocation {
    SourceLocation(
      document: document.name, line: line, column: offset - lineStart + 1,
      byteRange: offset..<min(offset + length, limit))
  }

  private mutating func skipLineComment() {
    var length = 2
    while offset + length < limit, bytes[offset + length] != UInt8(ascii: "\n") { length += 1 }
    guard peek(2) == UInt8(ascii: "!") else {
      offset += length
      return
    }
    let wasFirstOnLine = isFirstOnLine
    append(.legacyDetector, length: length)
    isFirstOnLine = wasFirstOnLine
  }

  private mutating func skipBlockComment() {
    let start = place(length: 2)
    offset += 2
    while offset < limit {
      if bytes[offset] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        offset += 2
        return
      }
      if bytes[offset] == UInt8(ascii: "\n") { advanceLine() } else { offset += 1 }
    }
    problems.append(
      Diagnostic(
        "mal.lexical.comment", "this comment is never closed", at: start, hint: "end it with `*/`"))
  }

  private mutating func lexWord() {
    var length = 0
    var isNumber = true
    while Self.isWord(peek(length)) {
      isNumber = isNumber && Self.isDigit(peek(length))
      length += 1
    }
    guard isNumber, peek(length) == UInt8(ascii: "."), Self.isDigit(peek(length + 1)) else {
      return append(.word, length: length)
    }
    length += 1
    while Self.isDigit(peek(length)) { length += 1 }
    append(.decimal, length: length)
  }

  private mutating func lexString() {
    let quote = UInt8(ascii: "\"")
    let isTriple = peek(1) == quote && peek(2) == quote
    let width = isTriple ? 3 : 1
    var end = offset + width
    while end < limit {
      if bytes[end] == UInt8(ascii: "\\") {
        end += 2
      } else if !isTriple && !allowsMultilineStrings && bytes[end] == UInt8(ascii: "\n") {
        break
      } else if bytes[end] == quote
        && (!isTriple
          || (end + 2 < limit && bytes[end + 1] == quote && bytes[end + 2] == quote))
      {
        return appendString(length: end + width - offset)
      } else {
        end += 1
      }
    }
    hasUnpairedQuote = true
    if !problems.contains(where: { $0.code == "mal.lexical.string" }) {
      problems.append(
        Diagnostic(
          "mal.lexical.string", "this string is never closed", at: place(length: width),
          hint: "end it with `\(isTriple ? "\"\"\"" : "\"")`"))
    }
    appendString(length: min(end, limit) - offset)
  }

  /// A string token; lines that it spans are counted.
  private mutating func appendString(length: Int) {
    let start = offset
    append(.string, length: length)
    for index in start..<offset where bytes[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
    }
  }

  private mutating func lexSymbol() {
    for (text, kind) in Self.symbols where matches(text) {
      // `!Enabled` is `!` and a name, not `!E` and another.
      if kind == .notExist && Self.isWord(peek(2)) { continue }
      return append(kind, length: text.count)
    }
    let start = place(length: 1)
    let first = offset
    repeat { offset += 1 } while offset < limit && bytes[offset] & 0xC0 == 0x80
    let text = String(decoding: bytes[first..<offset], as: UTF8.self)
    let shown = bytes[first] < 0x20 ? "byte \(bytes[first])" : "`\(text)`"
    if problems.last?.code == "mal.lexical.character", problems.last?.location?.line == line {
      return
    }
    problems.append(
      Diagnostic("mal.lexical.character", "\(shown) has no meaning here", at: start))
  }

  private func matches(_ text: [UInt8]) -> Bool {
    for (index, byte) in text.enumerated() where peek(index) != byte { return false }
    return true
  }

  /// Longest first.
  private static let symbols: [([UInt8], MALToken.Kind)] = [
    MALToken.Kind.associationLeft, .associationRight, .leadsTo, .leadsAlsoTo, .requires, .union,
    .intersection, .notExist, .range, .leftBrace, .rightBrace, .leftBracket, .rightBracket,
    .leftParenthesis, .rightParenthesis, .comma, .colon, .dot, .hash, .at, .bar, .ampersand, .bang,
    .plus, .minus, .star, .slash, .caret, .equals, .greater, .tilde,
  ].map { (Array($0.rawValue.utf8), $0) }
}

import EngineSupport

/// SMT-LIB's notation: symbols and lists in parentheses, with comments from `;` to the end of the line.
indirect enum SymbolicExpression {
  case symbol(Substring, SourceLocation)
  case list([SymbolicExpression], SourceLocation)

  var location: SourceLocation {
    switch self {
    case .symbol(_, let location), .list(_, let location): location
    }
  }

  var symbol: Substring? { if case .symbol(let text, _) = self { text } else { nil } }
}

/// Reads one expression after the other.
struct SymbolicReader {
  private let text: String
  private let document: String
  private var position: String.Index
  private var line = 1
  private var column = 1

  init(_ document: InputDocument) throws(Diagnostic) {
    guard document.bytes.count <= PropertyLimits.bytes else {
      throw Diagnostic(
        "vnnlib.too-large", "the file is larger than \(PropertyLimits.bytes >> 20) MiB",
        at: SourceLocation(document: document.name))
    }
    text = try document.text()
    self.document = document.name
    position = text.utf8.startIndex
  }

  var location: SourceLocation { SourceLocation(document: document, line: line, column: column) }

  private mutating func step(_ byte: UInt8) {
    position = text.utf8.index(after: position)
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else {
      column += 1
    }
  }

  private var current: UInt8? { position < text.utf8.endIndex ? text.utf8[position] : nil }

  private mutating func skipSpace() {
    var isComment = false
    while let byte = current {
      if byte == UInt8(ascii: "\n") { isComment = false }
      if byte == UInt8(ascii: ";") { isComment = true }
      guard isComment || byte == 0x20 || (0x09...0x0D).contains(byte) else { return }
      step(byte)
    }
  }

  /// The next expression of the file, or nil at its end.
  mutating func next() throws(Diagnostic) -> SymbolicExpression? {
    skipSpace()
    guard current != nil else { return nil }
    return try expression(depth: 0)
  }

  private mutating func expression(depth: Int) throws(Diagnostic) -> SymbolicExpression {
    skipSpace()
    let start = location
    guard let byte = current else {
      throw Diagnostic("vnnlib.malformed", "the file ends inside an expression", at: start)
    }
    if byte == UInt8(ascii: ")") {
      throw Diagnostic(
        "vnnlib.malformed", "a closing parenthesis without an opening one", at: start)
    }
    guard byte == UInt8(ascii: "(") else { return symbol(at: start) }
    guard depth < PropertyLimits.depth else {
      throw Diagnostic(
        "vnnlib.too-deep", "expressions nest deeper than \(PropertyLimits.depth)", at: start)
    }
    step(byte)
    var elements: [SymbolicExpression] = []
    while true {
      skipSpace()
      if let byte = current, byte == UInt8(ascii: ")") {
        step(byte)
        return .list(elements, start)
      }
      elements.append(try expression(depth: depth + 1))
    }
  }

  private mutating func symbol(at start: SourceLocation) -> SymbolicExpression {
    let first = position
    while let byte = current, byte > 0x20, byte != UInt8(ascii: "("), byte != UInt8(ascii: ")"),
      byte != UInt8(ascii: ";")
    { step(byte) }
    // A control character is no space and no symbol of its own; it ends nothing, so it must be passed.
    if first == position, let byte = current { step(byte) }
    return .symbol(text[first..<position], start)
  }
}

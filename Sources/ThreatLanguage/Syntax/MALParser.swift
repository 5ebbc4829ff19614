package import EngineSupport

/// Reads one `.mal` document into a syntax tree, by recursive descent; after an error it goes on at the
/// next declaration, so that one mistake gives one diagnostic.
package struct MALParser {
  /// Syntax errors shown for one document; more say nothing new.
  private static let errorLimit = 40
  /// Bytes of one document.
  private static let sizeLimit = 64 << 20

  let document: InputDocument
  let tokens: [MALToken]
  var position = 0
  private(set) var problems: [Diagnostic]
  /// Inside the head of a step, where `//!` begins a detector.
  var awaitsDetectors = false

  /// The tree of `document`, with errors for what is not MAL; what stands between errors is in the tree.
  package static func file(
    from document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) -> MALFile {
    guard document.bytes.count <= sizeLimit else {
      diagnostics.report(
        Diagnostic(
          "mal.input.too-large", "a language document may have up to \(sizeLimit >> 20) MiB",
          at: SourceLocation(document: document.name)))
      return MALFile()
    }
    do throws(Diagnostic) {
      _ = try document.text()
    } catch {
      diagnostics.report(error)
      return MALFile()
    }
    let (tokens, problems) = MALLexer.tokens(of: document)
    var parser = MALParser(document: document, tokens: tokens, problems: problems)
    let file = parser.parseFile()
    // Lexical and syntactic errors in the order of the text.
    var ordered = parser.problems.sorted {
      ($0.location?.byteRange?.lowerBound ?? 0) < ($1.location?.byteRange?.lowerBound ?? 0)
    }
    // What an open string swallowed is missed right after it: that is the same mistake.
    if let string = ordered.firstIndex(where: { $0.code == "mal.lexical.string" }),
      ordered.indices.contains(string + 1), ordered[string + 1].code == "mal.syntax.unexpected"
    {
      ordered.remove(at: string + 1)
    }
    diagnostics.report(contentsOf: Array(ordered.prefix(errorLimit)))
    if ordered.count > errorLimit {
      diagnostics.report(
        Diagnostic(
          .note, "mal.syntax.more", "\(ordered.count - errorLimit) more errors are not shown",
          at: SourceLocation(document: document.name)))
    }
    return file
  }

  init(document: InputDocument, tokens: [MALToken], problems: [Diagnostic]) {
    self.document = document
    self.tokens = tokens
    self.problems = problems
    // A `//!` on the first line is a comment: no step has begun.
    while position < tokens.count - 1, tokens[position].kind == .legacyDetector { position += 1 }
  }

  // MARK: - Declarations of a file

  private mutating func parseFile() -> MALFile {
    var file = MALFile()
    while current.kind != .end {
      let start = position
      do throws(Diagnostic) {
        try parseDeclaration(into: &file)
      } catch {
        report(error)
        recover(from: start) { $0.isTopLevelStart }
      }
    }
    return file
  }

  private mutating func parseDeclaration(into file: inout MALFile) throws(Diagnostic) {
    if current.kind == .hash {
      file.declarations.append(.define(try parseDefine()))
    } else if isKeyword("include") {
      advance()
      let path = try expect(.string, "the path of the document to include, in quotes")
      file.declarations.append(
        .include(IncludeSyntax(path: NameSyntax(text: stringValue(path), location: place(path)))))
    } else if isKeyword("category") {
      file.declarations.append(.category(try parseCategory()))
    } else if isKeyword("associations") {
      try parseAssociations(into: &file)
    } else if current.kind == .rightBrace {
      let brace = current
      advance()
      report(
        Diagnostic(
          "mal.syntax.unexpected", "this `}` closes nothing", at: place(brace),
          hint: "remove it, or look for a `{` that is missing above"))
    } else {
      throw unexpected("`#`, `include`, `category` or `associations`")
    }
  }

  private mutating func parseDefine() throws(Diagnostic) -> DefineSyntax {
    advance()
    let key = try expectName("the name of a definition")
    _ = try expect(.colon, "`:`")
    let value = try expect(.string, "a text in quotes")
    // mal-toolbox takes every quote off both ends, an escaped one too.
    var raw = document.bytes[value.range]
    while raw.first == UInt8(ascii: "\"") { raw = raw.dropFirst() }
    while raw.last == UInt8(ascii: "\"") { raw = raw.dropLast() }
    return DefineSyntax(
      key: key, value: stringValue(value), rawValue: String(decoding: raw, as: UTF8.self))
  }

  mutating func parseMeta() throws(Diagnostic) -> [MetaSyntax] {
    var meta: [MetaSyntax] = []
    while current.kind == .word, text(at: position + 1) == "info", kind(at: position + 2) == .colon
    {
      let key = try expectName("a name")
      advance()
      advance()
      let text = try expect(.string, "a text in quotes")
      meta.append(MetaSyntax(key: key, text: stringValue(text), rawText: rawValue(text)))
    }
    return meta
  }

  // MARK: - Recovery

  mutating func report(_ problem: Diagnostic) {
    // Several errors at one token are one mistake.
    if let last = problems.last, last.location?.byteRange == problem.location?.byteRange { return }
    problems.append(problem)
  }

  /// Goes forward to the next token that `isStart` accepts; whole `{…}` are skipped. `start` is where
  /// the failed declaration began: there it does not stop, so that each recovery moves on.
  mutating func recover(from start: Int, to isStart: (MALParser) -> Bool) {
    if position > start, current.kind == .end || isTopLevelStart || isStart(self) { return }
    var depth = 0
    repeat {
      if current.kind == .leftBrace { depth += 1 }
      if current.kind == .rightBrace, depth > 0 { depth -= 1 }
      advance()
      if current.kind == .end || isTopLevelStart { return }
      // A start on its own line is believed even where a `}` seems to be missing.
      if current.isFirstOnLine, current.kind != .rightBrace, isStart(self) { return }
    } while depth > 0 || !isStart(self)
  }

  /// A token that begins a declaration of a file wherever it stands first on its line.
  var isTopLevelStart: Bool {
    guard current.isFirstOnLine else { return false }
    switch current.kind {
    case .hash: return kind(at: position + 2) == .colon
    case .word:
      let next = kind(at: position + 1)
      return (isKeyword("category") && next == .word)
        || (isKeyword("associations") && next == .leftBrace)
        || (isKeyword("include") && next == .string)
    default: return false
    }
  }
}

import EngineSupport

/// Detectors: `! name (step label, …) type [tpr: rate, fpr: rate]`.
extension MALParser {
  mutating func parseDetectors() throws(Diagnostic) -> [DetectorSyntax] {
    var detectors: [DetectorSyntax] = []
    while true {
      if current.kind == .bang {
        detectors.append(try parseDetector())
      } else if current.kind == .legacyDetector {
        if let detector = parseLegacyDetector() { detectors.append(detector) }
        advance()
      } else {
        return detectors
      }
    }
  }

  /// `//! …`, which compilers before detectors took for a comment; what is no detector still is one.
  private mutating func parseLegacyDetector() -> DetectorSyntax? {
    let inner = MALLexer.tokens(of: current, in: document)
    var parser = MALParser(document: document, tokens: inner, problems: [])
    do throws(Diagnostic) {
      guard !inner.isEmpty else { throw unexpected("a detector") }
      var detector = try parser.parseDetectorBody(from: inner[0])
      guard parser.current.kind == .end else { throw parser.unexpected("the end of the line") }
      detector.location = place(current)
      return detector
    } catch {
      report(
        Diagnostic(
          .warning, "mal.detector.legacy", "`//!` begins a detector, but this is none",
          at: place(current), hint: "write `// !` for a comment"))
      return nil
    }
  }

  private mutating func parseDetector() throws(Diagnostic) -> DetectorSyntax {
    let first = current
    advance()
    return try parseDetectorBody(from: first)
  }

  private mutating func parseDetectorBody(from first: MALToken) throws(Diagnostic) -> DetectorSyntax
  {
    var name = try expectName("the name of a detector").text
    while accept(.dot) { name += "." + (try expectName("a name").text) }
    var detector = DetectorSyntax(name: name, location: place(first))
    if accept(.leftParenthesis) {
      repeat {
        let start = current
        let expression = try parseExpression()
        let written = document.bytes[start.range.lowerBound..<previous.range.upperBound]
        let label =
          current.kind == .word
          ? try expectName("a label").text : String(decoding: written, as: UTF8.self)
        detector.context.append((expression, label))
      } while accept(.comma)
      _ = try expect(.rightParenthesis, "`,` or `)`")
    }
    if current.kind == .word, !current.isFirstOnLine {
      detector.type = try expectName("the type of a detector").text
    }
    if accept(.leftBracket) {
      repeat { try parseRate(into: &detector) } while accept(.comma)
      _ = try expect(.rightBracket, "`,` or `]`")
    }
    detector.location = place(from: first)
    return detector
  }

  private mutating func parseRate(into detector: inout DetectorSyntax) throws(Diagnostic) {
    let isTruePositive = isKeyword("tpr")
    guard isTruePositive || isKeyword("fpr") else { throw unexpected("`tpr:` or `fpr:`") }
    advance()
    _ = try expect(.colon, "`:`")
    let rate = try parseNumber()
    if isTruePositive {
      detector.truePositiveRate = rate
    } else {
      detector.falsePositiveRate = rate
    }
  }
}

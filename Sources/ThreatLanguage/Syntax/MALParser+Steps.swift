import EngineSupport

/// Steps, defences and existence checks with everything that hangs on them.
extension MALParser {
  mutating func parseStep() throws(Diagnostic) -> StepSyntax {
    let first = current
    let kind = try parseStepKind()
    var mode: StepType.CausalMode?
    if current.kind == .word, let named = StepType.CausalMode(rawValue: text(current)),
      isCausalModeHere
    {
      mode = named
      advance()
    }
    let name = try expectName("the name of a step")
    var step = StepSyntax(kind: kind, causalMode: mode, name: name, location: name.location)
    while accept(.at) { step.tags.append(try expectName("the name of a tag").text) }
    if accept(.leftBrace) { step.impact = parseImpact() }
    if current.kind == .leftBracket { step.ttc = try parseTTC() }
    step.meta = try parseMeta()
    while current.kind == .bang { step.detectors.append(try parseDetector()) }
    if current.kind == .requires {
      let arrow = current
      advance()
      let expressions = try parseExpressionList()
      step.requires = (place(from: arrow), expressions)
    }
    if current.kind == .leadsTo || current.kind == .leadsAlsoTo {
      let arrow = current
      advance()
      let expressions = try parseExpressionList()
      step.leads = LeadsSyntax(
        isAddition: arrow.kind == .leadsAlsoTo, location: place(from: arrow),
        expressions: expressions)
    }
    try refuseModelEffects()
    guard isStepEnd else {
      throw unexpected("another step, or `}`", hint: stepOrderHint)
    }
    step.location = place(from: first)
    let range = first.range.lowerBound..<previous.range.upperBound
    step.source = String(decoding: document.bytes[range], as: UTF8.self)
    return step
  }

  private mutating func parseStepKind() throws(Diagnostic) -> StepType.Kind {
    let kind: StepType.Kind
    switch current.kind {
    case .bar: kind = .or
    case .ampersand: kind = .and
    case .hash: kind = .defense
    case .notExist: kind = .notExist
    case .word where isKeyword("E"): kind = .exist
    default: throw unexpected("a step (`|`, `&`, `#`, `E`, `!E`), `let` or `}`")
    }
    advance()
    return kind
  }

  /// `action name`, unlike a step that is itself called `action`.
  private var isCausalModeHere: Bool {
    guard let next = text(at: position + 1), next != "let" else { return false }
    if kind(at: position + 2) == .word { return text(at: position + 2) == "info" || next != "E" }
    return true
  }

  private var isStepEnd: Bool {
    switch current.kind {
    case .bar, .ampersand, .hash, .notExist, .rightBrace, .end: true
    case .word: current.isFirstOnLine || isKeyword("let") || isKeyword("E")
    default: false
    }
  }

  private var stepOrderHint: String {
    switch current.kind {
    case .at, .leftBrace, .leftBracket:
      "the order is: name, @tags, {impact}, [time], meta texts, `<-`, `->`"
    case .requires: "`<-` stands before `->`"
    case .leadsTo, .leadsAlsoTo: "one step has one `->` or `+>`; separate its targets with `,`"
    case .word, .leftParenthesis: "separate the targets with `,`"
    default: "look for a `,` or an operator that is missing before it"
    }
  }

  /// `A>`, `R>`, `+A>`, `+R>`: steps that change the model while an attack runs.
  private func refuseModelEffects() throws(Diagnostic) {
    let index = current.kind == .plus ? position + 1 : position
    guard let letter = text(at: index), letter == "A" || letter == "R",
      kind(at: index + 1) == .greater
    else { return }
    throw Diagnostic(
      "mal.syntax.unsupported", "model effects (`\(letter)>`) are not supported",
      at: place(current), hint: "express the change as steps and defences")
  }

  /// `C, I, A}`; an error is reported here, because recovery must not take this `}` for the asset's.
  private mutating func parseImpact() -> [NameSyntax] {
    var impact: [NameSyntax] = []
    if accept(.rightBrace) { return impact }
    do throws(Diagnostic) {
      repeat {
        guard ["C", "I", "A"].contains(text(at: position)) else {
          throw unexpected("`C`, `I` or `A`")
        }
        impact.append(try expectName("`C`, `I` or `A`"))
      } while accept(.comma)
      _ = try expect(.rightBrace, "`,` or `}`")
    } catch {
      report(error)
      while current.kind != .rightBrace, current.kind != .end, !current.isFirstOnLine { advance() }
      _ = !current.isFirstOnLine && accept(.rightBrace)
    }
    return impact
  }

  mutating func parseExpressionList() throws(Diagnostic) -> [ExpressionSyntax] {
    var expressions = [try parseExpression()]
    while accept(.comma) { expressions.append(try parseExpression()) }
    return expressions
  }

  // MARK: - Detectors

  private mutating func parseDetector() throws(Diagnostic) -> DetectorSyntax {
    let first = current
    advance()
    var detector = DetectorSyntax(location: place(first))
    if current.kind == .word {
      var name = try expectName("the name of a detector").text
      while accept(.dot) { name += "." + (try expectName("a name").text) }
      detector.name = name
    }
    if accept(.leftParenthesis) {
      repeat {
        let expression = try parseExpression()
        let label = current.kind == .word ? try expectName("a label").text : nil
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
    let place = place(current)
    let rate = try parseNumber()
    guard (0...1).contains(rate) else {
      throw Diagnostic("mal.detector.rate", "a rate is between 0 and 1", at: place)
    }
    if isTruePositive {
      detector.truePositiveRate = rate
    } else {
      detector.falsePositiveRate = rate
    }
  }
}

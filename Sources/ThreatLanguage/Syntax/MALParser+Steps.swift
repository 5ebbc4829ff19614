import EngineSupport

/// Steps, defences and existence checks with everything that hangs on them.
extension MALParser {
  mutating func parseStep() throws(Diagnostic) -> StepSyntax {
    let first = current
    awaitsDetectors = true
    defer { awaitsDetectors = false }
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
    step.detectors = try parseDetectors()
    awaitsDetectors = false
    if current.kind == .requires {
      let arrow = current
      advance()
      let expressions = try parseExpressionList()
      step.requires = (place(from: arrow), expressions)
    }
    while true {
      if step.leads == nil, current.kind == .leadsTo || current.kind == .leadsAlsoTo {
        let arrow = current
        advance()
        let expressions = try parseExpressionList()
        step.leads = LeadsSyntax(
          isAddition: arrow.kind == .leadsAlsoTo, location: place(from: arrow),
          expressions: expressions)
      } else if isEffectStart {
        try parseEffects(into: &step)
      } else {
        break
      }
    }
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
    if kind(at: position + 2) == .greater { return false }
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
}

import EngineSupport

/// Model effects: `A> base / target ^ target, …` and its kin, which add to or remove from the model
/// while an attack runs.
extension MALParser {
  /// `A`, `R`, `+A` or `+R` before a `>` that touches it.
  var isEffectStart: Bool {
    let index = current.kind == .plus ? position + 1 : position
    guard let letter = text(at: index), letter == "A" || letter == "R",
      kind(at: index + 1) == .greater
    else { return false }
    return tokens[index].range.upperBound == tokens[index + 1].range.lowerBound
  }

  mutating func parseEffects(into step: inout StepSyntax) throws(Diagnostic) {
    let first = current
    let isAddition = accept(.plus)
    let isRemoval = isKeyword("R")
    advance()
    advance()
    let arrow = place(from: first)
    guard (isRemoval ? step.removals : step.additions) == nil else {
      throw Diagnostic(
        "mal.syntax.unexpected", "one step has one `\(isRemoval ? "R" : "A")>`", at: arrow,
        hint: "separate its sentences with `,`")
    }
    var sentences = [try parseSentence()]
    while accept(.comma) { sentences.append(try parseSentence()) }
    let effects = EffectsSyntax(isAddition: isAddition, location: arrow, sentences: sentences)
    if isRemoval { step.removals = effects } else { step.additions = effects }
  }

  private mutating func parseSentence() throws(Diagnostic) -> EffectsSyntax.Sentence {
    let first = current
    let base = try parseExpression()
    _ = try expect(.slash, "`/` and what to add or remove")
    var targets = [try parseTarget()]
    while accept(.caret) { targets.append(try parseTarget()) }
    return EffectsSyntax.Sentence(base: base, targets: targets, location: place(from: first))
  }

  private mutating func parseTarget() throws(Diagnostic) -> EffectsSyntax.Target {
    let isAssociation = accept(.tilde)
    return EffectsSyntax.Target(isAssociation: isAssociation, expression: try parseExpression())
  }
}

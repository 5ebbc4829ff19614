import EngineSupport

/// Rules for single steps: kinds, inheritance, impact, requirements, times.
extension LanguageAnalyser {
  mutating func checkSteps() {
    for type in order {
      for step in types[type].syntax.steps {
        checkInheritance(of: step, in: type)
        checkImpact(of: step)
        checkRequirements(of: step)
        if let ttc = step.ttc { check(ttc, of: step) }
      }
    }
  }

  /// The nearest declaration of the step above `type`.
  private func inherited(_ name: String, above type: Int) -> (owner: Int, step: StepSyntax)? {
    for owner in ancestry(of: type).dropFirst() {
      if let index = types[owner].steps[name] { return (owner, types[owner].syntax.steps[index]) }
    }
    return nil
  }

  private mutating func checkInheritance(of step: StepSyntax, in type: Int) {
    let name = step.name.text
    guard let above = inherited(name, above: type) else {
      if let leads = step.leads, leads.isAddition, !isIncomplete(type) {
        report(
          "mal.step.nothing-to-extend",
          "`+>` adds to an inherited step, but nothing above "
            + "`\(types[type].syntax.name.text)` has a step `\(name)`", at: leads.location,
          hint: "write `->`")
      }
      return
    }
    guard above.step.kind != step.kind else { return }
    report(
      "mal.step.kind-mismatch",
      "step `\(name)` is \(step.kind.symbol) here but \(above.step.kind.symbol) in "
        + "`\(types[above.owner].syntax.name.text)`", at: step.name.location,
      hint: "the inherited one is at \(Self.line(above.step.name.location))")
  }

  private mutating func checkImpact(of step: StepSyntax) {
    guard let first = step.impact.first else { return }
    if step.kind != .or && step.kind != .and {
      report(
        "mal.impact.misplaced", "only `|` and `&` steps have an impact", at: first.location)
    }
    var seen: Set<String> = []
    for letter in step.impact where !seen.insert(letter.text).inserted {
      warn(
        "mal.impact.duplicate", "`\(letter.text)` is given twice", at: letter.location)
    }
  }

  private mutating func checkRequirements(of step: StepSyntax) {
    let isCheck = step.kind == .exist || step.kind == .notExist
    if let requires = step.requires, !isCheck {
      report(
        "mal.requires.misplaced", "only `E` and `!E` steps have `<-`", at: requires.location)
    }
    if step.requires == nil, isCheck {
      report(
        "mal.requires.missing", "`\(step.name.text)` does not say what must exist",
        at: step.name.location, hint: "write `<-` and the fields to look at")
    }
  }

  // MARK: - Time to compromise

  private mutating func check(_ ttc: TTCSyntax, of step: StepSyntax) {
    switch step.kind {
    case .exist, .notExist:
      report(
        "mal.ttc.misplaced", "an existence check takes no time", at: ttc.location,
        hint: "remove `[…]`")
    case .defense:
      guard case .distribution(let name, let arguments) = ttc.shape,
        let known = TTCDistribution(rawValue: name),
        known == .enabled || known == .disabled || known == .bernoulli
      else {
        report(
          "mal.ttc.defense",
          "a defence has `[Enabled]`, `[Disabled]` or `[Bernoulli(probability)]`", at: ttc.location)
        return
      }
      checkArguments(arguments, of: known, at: ttc.location)
    case .or, .and:
      check(ttc, isSubtracted: false)
    }
  }

  private mutating func check(_ ttc: TTCSyntax, isSubtracted: Bool) {
    switch ttc.shape {
    case .number: break
    case .operation(let operation, let left, let right):
      let isInverse = operation != .sum && operation != .product
      check(left, isSubtracted: isInverse)
      check(right, isSubtracted: isInverse)
    case .distribution(let name, let arguments):
      guard let known = TTCDistribution(rawValue: name) else {
        report(
          "mal.ttc.unknown", "there is no distribution `\(name)`", at: ttc.location,
          hint: nearest(name, among: TTCDistribution.allCases.map(\.rawValue)))
        return
      }
      if known == .enabled || known == .disabled {
        report("mal.ttc.attack-step", "`\(name)` is for defences only", at: ttc.location)
      } else if isSubtracted, known == .bernoulli || known == .easyAndUncertain {
        report(
          "mal.ttc.bernoulli", "`\(name)` cannot be subtracted, divided or raised",
          at: ttc.location)
      }
      checkArguments(arguments, of: known, at: ttc.location)
    }
  }

  private mutating func checkArguments(
    _ arguments: [Double], of distribution: TTCDistribution, at location: SourceLocation
  ) {
    if let fault = distribution.fault(in: arguments) {
      report("mal.ttc.arguments", fault, at: location)
    } else if let doubt = distribution.doubt(about: arguments) {
      warn("mal.ttc.arguments", doubt, at: location)
    }
  }
}

extension StepType.Kind {
  /// As it is written.
  var symbol: String {
    switch self {
    case .or: "`|`"
    case .and: "`&`"
    case .defense: "`#`"
    case .exist: "`E`"
    case .notExist: "`!E`"
    }
  }
}

extension TTCSyntax {
  var compiled: TTCExpression {
    switch shape {
    case .distribution(let name, let arguments):
      .distribution(name, TTCDistribution(rawValue: name)?.effective(arguments) ?? arguments)
    case .number(let value): .number(value)
    case .operation(.sum, let left, let right): .sum(left.compiled, right.compiled)
    case .operation(.difference, let left, let right): .difference(left.compiled, right.compiled)
    case .operation(.product, let left, let right): .product(left.compiled, right.compiled)
    case .operation(.quotient, let left, let right): .quotient(left.compiled, right.compiled)
    case .operation(.power, let left, let right): .power(left.compiled, right.compiled)
    }
  }
}

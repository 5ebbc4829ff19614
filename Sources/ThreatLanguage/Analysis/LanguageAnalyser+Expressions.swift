import EngineSupport

/// Types of step expressions: where a walk over associations can come to.
extension LanguageAnalyser {
  /// Parts of an expression once its variables are written out; bounds the work for one edge rule.
  private static let sizeLimit = 4_096
  private static let depthLimit = 160

  /// A walk with the type it ends at; `type` is unknown after an error that is already reported.
  struct Walk {
    var expression: StepExpression
    var type: Int?
    /// Depth and size with all variables written out.
    var depth = 1
    var size = 1
  }

  /// A walk from `type` to assets.
  mutating func walk(_ syntax: ExpressionSyntax, from type: Int) -> Walk {
    walkDepth += 1
    defer { walkDepth -= 1 }
    switch syntax.shape {
    case .name(let name):
      return walkField(name, from: type, at: syntax.location)
    case .call(let name):
      return walkVariable(name, from: type, at: syntax.location)
    case .collect(let left, let right):
      let first = walk(left, from: type)
      guard let middle = first.type else { return unknown(first.expression) }
      let second = walk(right, from: middle)
      return combine(first, second, .collect(first.expression, second.expression), second.type)
    case .union(let left, let right):
      return walkSet(left, right, from: type, at: syntax.location) { .union($0, $1) }
    case .intersection(let left, let right):
      return walkSet(left, right, from: type, at: syntax.location) { .intersection($0, $1) }
    case .difference(let left, let right):
      return walkSet(left, right, from: type, at: syntax.location) { .difference($0, $1) }
    case .transitive(let inner):
      return walkTransitive(inner, from: type, at: syntax.location)
    case .subType(let inner, let name):
      return walkSubType(inner, name, from: type)
    case .quantity(let inner, let quantity):
      if !allowsModelTerms {
        report(
          "mal.quantity.misplaced", "only what `A>` and `R>` change is counted (`:n..m`)",
          at: quantity.location, hint: "remove the quantity")
      }
      return walk(inner, from: type)
    }
  }

  private func unknown(_ expression: StepExpression) -> Walk {
    Walk(expression: expression, type: nil)
  }

  private func combine(
    _ left: Walk, _ right: Walk, _ expression: StepExpression, _ type: Int?
  ) -> Walk {
    Walk(
      expression: expression, type: type, depth: max(left.depth, right.depth) + 1,
      size: left.size + right.size + 1)
  }

  func field(_ name: String, of type: Int) -> Field? {
    for owner in ancestry(of: type) {
      if let field = types[owner].fields[name] { return field }
    }
    return nil
  }

  func hasStep(_ name: String, on type: Int) -> Bool {
    ancestry(of: type).contains { types[$0].steps[name] != nil }
  }

  private mutating func walkField(
    _ name: String, from type: Int, at location: SourceLocation
  ) -> Walk {
    if let field = field(name, of: type) {
      return Walk(expression: .field(name), type: field.type)
    }
    if name == "self", allowsModelTerms { return Walk(expression: .field(name), type: type) }
    if !isIncomplete(type) {
      let chain = ancestry(of: type)
      let hint =
        if chain.contains(where: { types[$0].variables[name] != nil }) {
          "call the variable with `\(name)()`" as String?
        } else if hasStep(name, on: type) {
          "`\(name)` is a step; a step can only stand at the end"
        } else {
          nearest(name, among: chain.flatMap { types[$0].fields.keys.sorted() })
        }
      report(
        "mal.field.unknown",
        "`\(types[type].syntax.name.text)` has no field `\(name)`", at: location, hint: hint)
    }
    return unknown(.field(name))
  }

  private mutating func walkSet(
    _ left: ExpressionSyntax, _ right: ExpressionSyntax, from type: Int,
    at location: SourceLocation, _ make: (StepExpression, StepExpression) -> StepExpression
  ) -> Walk {
    let first = walk(left, from: type)
    let second = walk(right, from: type)
    let expression = make(first.expression, second.expression)
    guard let one = first.type, let other = second.type else { return unknown(expression) }
    let common = commonAncestor(one, other)
    if common == nil, !isIncomplete(one), !isIncomplete(other) {
      report(
        "mal.expression.no-common-type",
        "`\(types[one].syntax.name.text)` and `\(types[other].syntax.name.text)` "
          + "have no asset above both", at: location,
        hint: "both sides of a set operation must lead to kinds of one asset")
    }
    return combine(first, second, expression, common)
  }

  private mutating func walkTransitive(
    _ inner: ExpressionSyntax, from type: Int, at location: SourceLocation
  ) -> Walk {
    let walk = walk(inner, from: type)
    let expression = StepExpression.transitive(walk.expression)
    guard let end = walk.type else { return unknown(expression) }
    guard isType(end, kindOf: type) else {
      if !isIncomplete(end) {
        report(
          "mal.expression.not-repeatable",
          "`*` repeats a walk that starts at `\(types[type].syntax.name.text)` "
            + "but ends at `\(types[end].syntax.name.text)`", at: location,
          hint: "only a walk that comes back to a kind of its own asset can be repeated")
      }
      return unknown(expression)
    }
    return Walk(expression: expression, type: end, depth: walk.depth + 1, size: walk.size + 1)
  }

  private mutating func walkSubType(
    _ inner: ExpressionSyntax, _ name: NameSyntax, from type: Int
  ) -> Walk {
    let walk = walk(inner, from: type)
    let expression = StepExpression.subType(walk.expression, name.text)
    guard let target = ids[name.text] else {
      reportUnknownType(name)
      return unknown(expression)
    }
    if let end = walk.type, !isType(target, kindOf: end), !isIncomplete(target) {
      report(
        "mal.expression.not-subtype",
        "`\(name.text)` is no kind of `\(types[end].syntax.name.text)`, so nothing would be left",
        at: name.location)
    }
    return Walk(expression: expression, type: target, depth: walk.depth + 1, size: walk.size + 1)
  }

  // MARK: - Variables

  private mutating func walkVariable(
    _ name: String, from type: Int, at location: SourceLocation
  ) -> Walk {
    let call = StepExpression.variable(name)
    let chain = ancestry(of: type)
    guard let owner = chain.first(where: { types[$0].variables[name] != nil }) else {
      if !isIncomplete(type) {
        report(
          "mal.variable.unknown",
          "`\(types[type].syntax.name.text)` has no variable `\(name)`", at: location,
          hint: field(name, of: type) != nil
            ? "`\(name)` is a field: write it without `()`"
            : nearest(name, among: chain.flatMap { types[$0].variables.keys.sorted() }))
      }
      return unknown(call)
    }
    var walk = variable(name, of: owner, calledAt: location)
    walk.expression = call
    walk.depth += 1
    walk.size += 1
    return walk
  }

  mutating func variable(
    _ name: String, of owner: Int, calledAt location: SourceLocation
  ) -> Walk {
    let key = VariableKey(type: owner, name: name)
    let title = "\(types[owner].syntax.name.text).\(name)()"
    switch variableStates[key] {
    case .done(let walk): return walk
    case .inProgress:
      let start = variableStack.firstIndex(of: title) ?? 0
      report(
        "mal.variable.cycle",
        "variables call one another in a circle: "
          + (variableStack[start...] + [title]).map { "`\($0)`" }.joined(separator: " → "),
        at: location)
      return unknown(.variable(name))
    case nil: break
    }
    guard let index = types[owner].variables[name] else { return unknown(.variable(name)) }
    variableStates[key] = .inProgress
    variableStack.append(title)
    let allowedModelTerms = allowsModelTerms
    allowsModelTerms = false
    defer {
      variableStack.removeLast()
      allowsModelTerms = allowedModelTerms
    }
    let syntax = types[owner].syntax.variables[index]
    guard walkDepth <= Self.depthLimit else {
      reportTooLarge(name, at: syntax.name.location)
      variableStates[key] = .done(unknown(.variable(name)))
      return unknown(.variable(name))
    }
    var result = walk(syntax.expression, from: owner)
    if result.type != nil, result.depth > Self.depthLimit || result.size > Self.sizeLimit {
      reportTooLarge(name, at: syntax.name.location)
      result.type = nil
      result.depth = 1
      result.size = 1
    }
    variableStates[key] = .done(result)
    return result
  }

  /// Reported once: in a long chain of variables every other one would be too large as well.
  private mutating func reportTooLarge(_ name: String, at location: SourceLocation) {
    guard !hasTooLargeVariable else { return }
    hasTooLargeVariable = true
    report(
      "mal.variable.too-large",
      "`\(name)` has more than \(Self.sizeLimit) parts, or \(Self.depthLimit) inside one another, "
        + "when the variables it calls are written out", at: location)
  }

  mutating func checkVariables() {
    for type in order {
      for declaration in types[type].syntax.variables {
        let name = declaration.name.text
        for above in ancestry(of: type).dropFirst() {
          guard let index = types[above].variables[name] else { continue }
          let earlier = types[above].syntax.variables[index].name.location
          report(
            "mal.variable.duplicate",
            "variable `\(name)` is already inherited from `\(types[above].syntax.name.text)`",
            at: declaration.name.location, hint: "the other one is at \(Self.line(earlier))")
        }
        _ = variable(name, of: type, calledAt: declaration.name.location)
      }
    }
  }

  // MARK: - Ends of leads

  /// A walk from `type` that ends in a step.
  mutating func lead(_ syntax: ExpressionSyntax, from type: Int) -> Walk {
    switch syntax.shape {
    case .quantity(let inner, let quantity):
      report(
        "mal.quantity.misplaced", "a step cannot be counted (`:n..m`)", at: quantity.location,
        hint: "remove the quantity")
      return lead(inner, from: type)
    case .name(let name):
      if !hasStep(name, on: type), !isIncomplete(type) {
        reportUnknownStep(name, of: type, at: syntax.location)
      }
      return Walk(expression: .step(name), type: type)
    case .collect(let left, let right):
      let first = walk(left, from: type)
      guard let middle = first.type else { return unknown(first.expression) }
      let second = lead(right, from: middle)
      return combine(first, second, .collect(first.expression, second.expression), second.type)
    default:
      report(
        "mal.expression.no-step", "this leads to assets, not to a step", at: syntax.location,
        hint: "end it with `.` and the name of a step")
      return unknown(.step(""))
    }
  }

  private mutating func reportUnknownStep(_ name: String, of type: Int, at location: SourceLocation)
  {
    let chain = ancestry(of: type)
    let hint =
      if field(name, of: type) != nil {
        "`\(name)` is a field: name the step it leads to, as in `\(name).step`" as String?
      } else {
        nearest(name, among: chain.flatMap { types[$0].steps.keys.sorted() })
      }
    report(
      "mal.step.unknown", "`\(types[type].syntax.name.text)` has no step `\(name)`", at: location,
      hint: hint)
  }
}

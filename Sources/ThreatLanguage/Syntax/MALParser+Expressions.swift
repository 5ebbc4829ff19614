import EngineSupport

/// Step expressions and times to compromise, with bounded nesting and size.
extension MALParser {
  /// Parentheses inside one another, in one expression.
  private static let depthLimit = 64
  /// Operators and names in one expression: also the greatest depth of its tree.
  private static let sizeLimit = 160

  /// Operators of one level, loosest first: `\/` `/\` `-`, then `.`, then `*` and `[Type]`.
  mutating func parseExpression() throws(Diagnostic) -> ExpressionSyntax {
    var size = 0
    return try parseSetExpression(depth: 0, size: &size)
  }

  private func checkBounds(depth: Int, size: inout Int) throws(Diagnostic) {
    size += 1
    guard depth <= Self.depthLimit, size <= Self.sizeLimit else {
      throw Diagnostic(
        "mal.expression.too-large",
        "an expression may have \(Self.depthLimit) levels of parentheses and \(Self.sizeLimit) parts",
        at: place(current), hint: "name a part of it with `let`")
    }
  }

  private mutating func parseSetExpression(
    depth: Int, size: inout Int
  ) throws(Diagnostic) -> ExpressionSyntax {
    let first = current
    var left = try parsePath(depth: depth, size: &size)
    while true {
      let kind = current.kind
      guard kind == .union || kind == .intersection || kind == .minus else { return left }
      try checkBounds(depth: depth, size: &size)
      advance()
      let right = try parsePath(depth: depth, size: &size)
      let shape: ExpressionSyntax.Shape =
        switch kind {
        case .union: .union(left, right)
        case .intersection: .intersection(left, right)
        default: .difference(left, right)
        }
      left = ExpressionSyntax(shape: shape, location: place(from: first))
    }
  }

  private mutating func parsePath(
    depth: Int, size: inout Int
  ) throws(Diagnostic) -> ExpressionSyntax {
    let first = current
    var left = try parsePart(depth: depth, size: &size)
    while accept(.dot) {
      let right = try parsePart(depth: depth, size: &size)
      left = ExpressionSyntax(shape: .collect(left, right), location: place(from: first))
    }
    return left
  }

  private mutating func parsePart(
    depth: Int, size: inout Int
  ) throws(Diagnostic) -> ExpressionSyntax {
    try checkBounds(depth: depth, size: &size)
    let first = current
    var part: ExpressionSyntax
    if accept(.leftParenthesis) {
      part = try parseSetExpression(depth: depth + 1, size: &size)
      _ = try expect(.rightParenthesis, "an operator or `)`")
    } else {
      let name = try expectName("a field, a step, a variable call or `(`")
      part = ExpressionSyntax(shape: .name(name.text), location: name.location)
      if current.kind == .leftParenthesis, kind(at: position + 1) == .rightParenthesis {
        advance()
        advance()
        part = ExpressionSyntax(shape: .call(name.text), location: place(from: first))
      }
    }
    while true {
      if current.kind == .star {
        try checkBounds(depth: depth, size: &size)
        advance()
        part = ExpressionSyntax(shape: .transitive(part), location: place(from: first))
      } else if accept(.leftBracket) {
        try checkBounds(depth: depth, size: &size)
        let type = try expectName("the name of an asset")
        _ = try expect(.rightBracket, "`]`")
        part = ExpressionSyntax(shape: .subType(part, type), location: place(from: first))
      } else if current.kind == .colon {
        try checkBounds(depth: depth, size: &size)
        part = ExpressionSyntax(
          shape: .quantity(part, try parseQuantity()), location: place(from: first))
      } else {
        return part
      }
    }
  }

  /// `:n`, `:*`, `:n..m` or `:n..*`.
  private mutating func parseQuantity() throws(Diagnostic) -> QuantitySyntax {
    let colon = current
    advance()
    let minimum = try parseQuantityBound()
    let maximum = accept(.range) ? try parseQuantityBound() : nil
    return QuantitySyntax(minimum: minimum, maximum: maximum, location: place(from: colon))
  }

  private mutating func parseQuantityBound() throws(Diagnostic) -> String {
    if accept(.star) { return "*" }
    guard let digits = text(at: position), Int32(digits) != nil else {
      throw unexpected("a number or `*`")
    }
    advance()
    return digits
  }

  // MARK: - Time to compromise

  /// `[expression]`; `[]` is none.
  mutating func parseTTC() throws(Diagnostic) -> TTCSyntax? {
    advance()
    if accept(.rightBracket) { return nil }
    var size = 0
    let expression = try parseTTCSum(depth: 0, size: &size)
    _ = try expect(.rightBracket, "an operator or `]`")
    return expression
  }

  private mutating func parseTTCSum(depth: Int, size: inout Int) throws(Diagnostic) -> TTCSyntax {
    let first = current
    var left = try parseTTCProduct(depth: depth, size: &size)
    while current.kind == .plus || current.kind == .minus {
      let operation: TTCSyntax.Operation = current.kind == .plus ? .sum : .difference
      advance()
      let right = try parseTTCProduct(depth: depth, size: &size)
      left = TTCSyntax(shape: .operation(operation, left, right), location: place(from: first))
    }
    return left
  }

  private mutating func parseTTCProduct(
    depth: Int, size: inout Int
  ) throws(Diagnostic) -> TTCSyntax {
    let first = current
    var left = try parseTTCPower(depth: depth, size: &size)
    while current.kind == .star || current.kind == .slash {
      let operation: TTCSyntax.Operation = current.kind == .star ? .product : .quotient
      advance()
      let right = try parseTTCPower(depth: depth, size: &size)
      left = TTCSyntax(shape: .operation(operation, left, right), location: place(from: first))
    }
    return left
  }

  /// `^` binds to the right.
  private mutating func parseTTCPower(
    depth: Int, size: inout Int
  ) throws(Diagnostic) -> TTCSyntax {
    try checkBounds(depth: depth, size: &size)
    let first = current
    let base: TTCSyntax
    if accept(.leftParenthesis) {
      base = try parseTTCSum(depth: depth + 1, size: &size)
      _ = try expect(.rightParenthesis, "an operator or `)`")
    } else if isNumberStart {
      base = TTCSyntax(shape: .number(try parseNumber()), location: place(from: first))
    } else {
      let name = try expectName("a distribution, a number or `(`").text
      let arguments = accept(.leftParenthesis) ? try parseArguments() : []
      base = TTCSyntax(shape: .distribution(name, arguments), location: place(from: first))
    }
    guard accept(.caret) else { return base }
    let exponent = try parseTTCPower(depth: depth + 1, size: &size)
    return TTCSyntax(shape: .operation(.power, base, exponent), location: place(from: first))
  }

  private mutating func parseArguments() throws(Diagnostic) -> [Double] {
    var arguments: [Double] = []
    if accept(.rightParenthesis) { return arguments }
    repeat { arguments.append(try parseNumber()) } while accept(.comma)
    _ = try expect(.rightParenthesis, "`,` or `)`")
    return arguments
  }

  private var isNumberStart: Bool {
    switch current.kind {
    case .decimal, .dot: true
    case .word: document.bytes[current.range].allSatisfy(MALLexer.isDigit)
    default: false
    }
  }

  /// `12`, `0.5`, `.5` or `5.`; arguments may be negative (a mean of a logarithm often is).
  mutating func parseNumber() throws(Diagnostic) -> Double {
    let first = current
    let isNegative = accept(.minus)
    guard isNumberStart else { throw unexpected("a number") }
    var digits = text(current)
    let isComplete = current.kind == .decimal
    advance()
    if digits == "." {
      digits = "0." + text(try expect(.word, "digits"))
    } else if !isComplete, current.kind == .dot {
      advance()
    }
    guard let value = Double(digits), value.isFinite else {
      throw Diagnostic("mal.syntax.number", "this is not a number", at: place(from: first))
    }
    return isNegative ? -value : value
  }
}

import EngineSupport

/// Step expressions and times to compromise, within the sizes that MAL source may have.
extension SpecificationReader {
  /// Objects in one expression.
  private static let partLimit = 320

  func expressions(_ clause: JSONValue) throws(Diagnostic) -> [ExpressionSyntax] {
    var expressions: [ExpressionSyntax] = []
    for value in try elements("stepExpressions", of: clause) {
      expressions.append(try expression(value))
    }
    return expressions
  }

  func expression(_ value: JSONValue) throws(Diagnostic) -> ExpressionSyntax {
    var size = 0
    return try expression(value, size: &size)
  }

  private func count(_ size: inout Int, at value: JSONValue) throws(Diagnostic) {
    size += 1
    guard size <= Self.partLimit else {
      throw Diagnostic(
        "mal.expression.too-large", "an expression may have \(Self.partLimit) parts",
        at: place(value))
    }
  }

  private func expression(
    _ value: JSONValue, size: inout Int
  ) throws(Diagnostic) -> ExpressionSyntax {
    try count(&size, at: value)
    let type = try name("type", of: value).text
    let shape: ExpressionSyntax.Shape
    switch type {
    case "attackStep", "field": shape = .name(try name("name", of: value).text)
    case "variable": shape = .call(try name("name", of: value).text)
    case "collect", "union", "intersection", "difference":
      let left = try expression(try member("lhs", of: value), size: &size)
      let right = try expression(try member("rhs", of: value), size: &size)
      shape =
        switch type {
        case "collect": .collect(left, right)
        case "union": .union(left, right)
        case "intersection": .intersection(left, right)
        default: .difference(left, right)
        }
    case "transitive": shape = .transitive(try inner(of: value, size: &size))
    case "subType":
      shape = .subType(try inner(of: value, size: &size), try name("subType", of: value))
    case "multiplicity":
      let quantity = try member("multiplicity", of: value)
      shape = .quantity(
        try inner(of: value, size: &size),
        QuantitySyntax(
          minimum: try quantityBound(try member("min", of: quantity)),
          maximum: try optional("max", of: quantity).map(quantityBound),
          location: place(quantity)))
    default: throw failure("there is no step expression `\(type)`", value)
    }
    return ExpressionSyntax(shape: shape, location: place(value))
  }

  private func inner(
    of value: JSONValue, size: inout Int
  ) throws(Diagnostic) -> ExpressionSyntax {
    try expression(try member("stepExpression", of: value), size: &size)
  }

  /// Written as text by mal-toolbox; a number means the same.
  private func quantityBound(_ value: JSONValue) throws(Diagnostic) -> String {
    let bound = value.string ?? value.integer.map(String.init) ?? ""
    guard bound == "*" || Int32(bound).map({ $0 >= 0 }) == true else {
      throw failure("a quantity is a whole number or `*`", value)
    }
    return bound
  }

  // MARK: - Time to compromise

  func timeToCompromise(_ value: JSONValue) throws(Diagnostic) -> TTCSyntax {
    var size = 0
    return try timeToCompromise(value, size: &size)
  }

  private func timeToCompromise(
    _ value: JSONValue, size: inout Int
  ) throws(Diagnostic) -> TTCSyntax {
    try count(&size, at: value)
    let type = try name("type", of: value).text
    let shape: TTCSyntax.Shape
    switch type {
    case "number": shape = .number(try number(try member("value", of: value)))
    case "function":
      var arguments: [Double] = []
      for argument in optional("arguments", of: value)?.elements ?? [] {
        arguments.append(try number(argument))
      }
      shape = .distribution(try name("name", of: value).text, arguments)
    default:
      guard let operation = Self.operations[type] else {
        throw failure("there is no time to compromise `\(type)`", value)
      }
      shape = .operation(
        operation, try timeToCompromise(try member("lhs", of: value), size: &size),
        try timeToCompromise(try member("rhs", of: value), size: &size))
    }
    return TTCSyntax(shape: shape, location: place(value))
  }

  private static let operations: [String: TTCSyntax.Operation] = Dictionary(
    uniqueKeysWithValues: TTCSyntax.Operation.allCases.map { ($0.specificationName, $0) })
}

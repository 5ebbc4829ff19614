package import EngineSupport

extension TTCExpression {
  /// As a language specification writes a time to compromise.
  package var specification: JSONValue {
    func binary(_ type: String, _ left: TTCExpression, _ right: TTCExpression) -> JSONValue {
      ["type": .string(type), "lhs": left.specification, "rhs": right.specification]
    }
    switch self {
    case .number(let value): return ["type": "number", "value": Self.number(value)]
    case .distribution(let name, let arguments):
      return [
        "type": "function", "name": .string(name), "arguments": .array(arguments.map(Self.number)),
      ]
    case .sum(let left, let right): return binary("addition", left, right)
    case .difference(let left, let right): return binary("subtraction", left, right)
    case .product(let left, let right): return binary("multiplication", left, right)
    case .quotient(let left, let right): return binary("division", left, right)
    case .power(let left, let right): return binary("exponentiation", left, right)
    }
  }

  private static func number(_ value: Double) -> JSONValue {
    JSONValue(.number(value.description))
  }
}

import ThreatLanguage

/// A time to compromise behind its gates: constants folded, bare gates gone. What draws and means are made of.
indirect enum TimeTree {
  case constant(Double)
  case draw(TimeLaw.Base)
  /// Never two constants.
  case combine(TimeOperator, TimeTree, TimeTree)

  /// `gate` is the probability that all gates let the attacker through; nothing but a gate is 0 in sums, 1
  /// in products and no exponent.
  static func of(_ expression: TTCExpression) throws(UnsupportedTTC) -> (gate: Double, Self) {
    try expression.checkBounds()
    var gate = 1.0
    let tree = try fold(expression, &gate) ?? .constant(0)
    return (gate, tree)
  }

  /// `true` where nothing says that the value is at least 0.
  var canBeNegative: Bool {
    switch self {
    case .constant(let value): value < 0
    case .draw(.uniform(let minimum, _)): minimum < 0
    case .draw: false
    case .combine(.difference, _, _): true
    case .combine(_, let left, let right): left.canBeNegative || right.canBeNegative
    }
  }

  /// `nil` for nothing but a gate.
  private static func fold(
    _ expression: TTCExpression, _ gate: inout Double
  ) throws(UnsupportedTTC) -> Self? {
    switch expression {
    case .number(let value): return try number(value)
    case .distribution(let name, let arguments):
      let law = try TimeLaw(name: name, arguments)
      gate *= law.gate
      switch law.remainder {
      case .neutral: return nil
      case .constant(let value): return .constant(value)
      case .scaled(let base, _, _, _): return .draw(base)
      }
    case .sum(let left, let right): return try fold(.sum, left, right, &gate)
    case .difference(let left, let right): return try fold(.difference, left, right, &gate)
    case .product(let left, let right): return try fold(.product, left, right, &gate)
    case .quotient(let left, let right): return try fold(.quotient, left, right, &gate)
    case .power(let left, let right): return try fold(.power, left, right, &gate)
    }
  }

  private static func fold(
    _ operation: TimeOperator, _ left: TTCExpression, _ right: TTCExpression, _ gate: inout Double
  ) throws(UnsupportedTTC) -> Self? {
    let first = try fold(left, &gate)
    guard let second = try fold(right, &gate) else { return first }
    guard let first else {
      switch operation {
      case .sum, .product: return second
      case .power: return nil
      case .difference: return try joined(operation, .constant(0), second)
      case .quotient: return try joined(operation, .constant(1), second)
      }
    }
    return try joined(operation, first, second)
  }

  private static func joined(
    _ operation: TimeOperator, _ first: Self, _ second: Self
  ) throws(UnsupportedTTC) -> Self {
    switch (operation, first, second) {
    case (_, .constant(let a), .constant(let b)): return try number(operation.apply(a, b))
    case (.product, .constant(0), _), (.product, _, .constant(0)): return .constant(0)
    default: return .combine(operation, first, second)
    }
  }

  private static func number(_ value: Double) throws(UnsupportedTTC) -> Self {
    guard !value.isNaN else { throw UnsupportedTTC(reason: "an undefined number") }
    return .constant(value)
  }
}

import EngineSupport

/// One step of a compiled time: a postfix program over a small stack of numbers.
enum TimeInstruction {
  case constant(Double)
  case draw(TimeLaw.Base)
  /// Takes two numbers off the stack; `isReversed` where the right operand was computed first.
  case combine(TimeOperator, isReversed: Bool)

  /// The program of a tree of n leaves whose larger side is computed first needs a stack of at most
  /// 1 + log₂ n numbers: 12 for the largest expression that `TTCExpression.checkBounds` lets through.
  static func run(_ program: [Self], drawingFrom random: inout SeededRandom) -> Double {
    var stack = InlineArray<16, Double>(repeating: 0)
    var top = -1
    for instruction in program {
      switch instruction {
      case .constant(let value):
        top += 1
        stack[top] = value
      case .draw(let base):
        top += 1
        stack[top] = base.draw(from: &random)
      case .combine(let operation, let isReversed):
        top -= 1
        let (first, second) = (stack[top], stack[top + 1])
        stack[top] =
          isReversed ? operation.apply(second, first) : operation.apply(first, second)
      }
    }
    let value = stack[0]
    return value.isNaN ? 0 : value
  }
}

/// The arithmetic of times to compromise.
enum TimeOperator {
  case sum, difference, product, quotient, power

  /// NaN where there is no value.
  func apply(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .sum: left + right
    case .difference: left - right
    case .product: left * right
    case .quotient: left / right
    case .power: Self.power(left, right)
    }
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    if base >= 0 { return TimeLaw.power(base, exponent) }
    guard exponent == exponent.rounded(.towardZero), exponent.isFinite else { return .nan }
    let magnitude = TimeLaw.power(-base, exponent)
    return exponent.remainder(dividingBy: 2) == 0 ? magnitude : -magnitude
  }
}

import EngineSupport

/// A sum of variables with factors, and a constant.
struct LinearTerm {
  var factors: [Declarations.Variable: Double] = [:]
  var constant = DecimalConstant(value: 0, isExact: true)

  init() {}

  init(reading expression: SymbolicExpression, _ declarations: Declarations) throws(Diagnostic) {
    switch expression {
    case .symbol(let text, let location):
      if let variable = Declarations.variable(text) {
        guard declarations.knows(variable) else {
          throw Diagnostic("vnnlib.undeclared", "\(text) is not declared", at: location)
        }
        factors = [variable: 1]
      } else if let constant = DecimalConstant(text) {
        self.constant = constant
      } else {
        throw Diagnostic(
          "vnnlib.number", "\"\(text.prefix(40))\" is neither X_i, Y_j nor a finite number",
          at: location)
      }
    case .list(let parts, let location):
      guard let head = parts.first?.symbol, parts.count >= 2 else {
        throw Diagnostic("vnnlib.malformed", "a term is an operator with operands", at: location)
      }
      var operands: [LinearTerm] = []
      for part in parts.dropFirst() {
        operands.append(try LinearTerm(reading: part, declarations))
      }
      self = operands[0]
      switch head {
      case "+": for operand in operands.dropFirst() { add(operand, times: 1) }
      case "-":
        if operands.count == 1 { scale(by: -1) }
        for operand in operands.dropFirst() { add(operand, times: -1) }
      case "*":
        for operand in operands.dropFirst() {
          if operand.factors.isEmpty {
            scale(by: operand.constant)
          } else if factors.isEmpty {
            let constant = constant
            self = operand
            scale(by: constant)
          } else {
            throw Diagnostic("vnnlib.not-linear", "a product of two variables", at: location)
          }
        }
      default:
        throw Diagnostic("vnnlib.unsupported", "the operator \"\(head.prefix(40))\"", at: location)
      }
      guard constant.value.isFinite, factors.values.allSatisfy(\.isFinite),
        factors.count <= PropertyLimits.variables
      else { throw Diagnostic("vnnlib.number", "the numbers of a term overflow", at: location) }
    }
  }

  mutating func add(_ other: LinearTerm, times sign: Double) {
    for (variable, factor) in other.factors { factors[variable, default: 0] += sign * factor }
    let isPlain = other.constant.value == 0 || constant.value == 0
    constant = DecimalConstant(
      value: constant.value + sign * other.constant.value,
      isExact: isPlain && constant.isExact && other.constant.isExact)
  }

  private mutating func scale(by factor: Double) {
    scale(by: DecimalConstant(value: factor, isExact: true))
  }

  private mutating func scale(by factor: DecimalConstant) {
    factors = factors.mapValues { $0 * factor.value }
    constant = DecimalConstant(
      value: constant.value * factor.value,
      isExact: constant.isExact && factor.isExact && (abs(factor.value) == 1 || constant.value == 0)
    )
  }
}

/// left ≤ right, as left − right ≤ 0.
struct Comparison {
  let difference: LinearTerm
  let location: SourceLocation

  init(_ left: LinearTerm, atMost right: LinearTerm, at location: SourceLocation) {
    var difference = left
    difference.add(right, times: -1)
    self.difference = difference
    self.location = location
  }

  /// The comparison as a bound of one input, if it is one.
  var inputBound: (input: Int, bound: SafetyProperty.Bound, isUpper: Bool)? {
    guard difference.factors.count == 1, let (variable, factor) = difference.factors.first,
      case .input(let input) = variable, abs(factor) == 1
    else { return nil }
    let value = -difference.constant.value * factor
    let bound =
      difference.constant.isExact
      ? SafetyProperty.Bound(below: value, above: value)
      : SafetyProperty.Bound(below: value.nextDown, above: value.nextUp)
    return (input, bound, factor > 0)
  }

  var constraint: SafetyProperty.LinearConstraint {
    func terms(_ index: (Declarations.Variable) -> Int?) -> [SafetyProperty.LinearConstraint.Term] {
      difference.factors.compactMap { variable, factor in
        index(variable).map { .init(index: $0, coefficient: factor) }
      }.filter { $0.coefficient != 0 }.sorted { $0.index < $1.index }
    }
    return SafetyProperty.LinearConstraint(
      inputs: terms { if case .input(let index) = $0 { index } else { nil } },
      outputs: terms { if case .output(let index) = $0 { index } else { nil } },
      constant: difference.constant.value, location: location)
  }
}

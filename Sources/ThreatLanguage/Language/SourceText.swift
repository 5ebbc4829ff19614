/// Times and model effects as MAL writes them: for people who read a compiled language.
extension TTCExpression {
  package var sourceText: String { sourceText(isPart: false) }

  private func sourceText(isPart: Bool) -> String {
    func infix(_ left: TTCExpression, _ symbol: String, _ right: TTCExpression) -> String {
      let text =
        "\(left.sourceText(isPart: true)) \(symbol) \(right.sourceText(isPart: true))"
      return isPart ? "(\(text))" : text
    }
    switch self {
    case .number(let value): return Self.text(value)
    case .distribution(let name, let arguments):
      return arguments.isEmpty
        ? name : "\(name)(\(arguments.map(Self.text).joined(separator: ", ")))"
    case .sum(let left, let right): return infix(left, "+", right)
    case .difference(let left, let right): return infix(left, "-", right)
    case .product(let left, let right): return infix(left, "*", right)
    case .quotient(let left, let right): return infix(left, "/", right)
    case .power(let left, let right): return infix(left, "^", right)
    }
  }

  /// Whole numbers without a decimal point.
  private static func text(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension ModelEffect {
  package var sourceText: String {
    (change == .addition ? "A> " : "R> ") + base.sourceText + " / "
      + targets.map { ($0.isAssociation ? "~" : "") + $0.walk.sourceText }
      .joined(separator: " ^ ")
  }
}

extension ModelEffect.Walk {
  package var sourceText: String {
    switch self {
    case .field(let name): name
    case .variable(let name): name + "()"
    case .collect(let left, let right): "\(left.sourceText).\(right.sourceText)"
    case .union(let left, let right): "(\(left.sourceText) \\/ \(right.sourceText))"
    case .intersection(let left, let right): "(\(left.sourceText) /\\ \(right.sourceText))"
    case .difference(let left, let right): "(\(left.sourceText) - \(right.sourceText))"
    case .transitive(let inner): "(\(inner.sourceText))*"
    case .subType(let inner, let type): "\(inner.sourceText)[\(type)]"
    case .quantity(let inner, let minimum, let maximum):
      switch maximum {
      case minimum?: "\(inner.sourceText):\(minimum)"
      case let maximum?: "\(inner.sourceText):\(minimum)..\(maximum)"
      case nil: "\(inner.sourceText):\(minimum)..*"
      }
    }
  }
}

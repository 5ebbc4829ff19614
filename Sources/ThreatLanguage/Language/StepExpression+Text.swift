extension StepExpression {
  /// The expression as MAL writes it, with the parentheses it needs.
  public var text: String { text(inside: 0) }

  /// `binding`: how tightly the place around it binds: 0 a whole lead, 1 a side of `\/`, `/\` or `-`,
  /// 2 a side of `.`, 3 what `*` or `[…]` follows.
  private func text(inside binding: Int) -> String {
    switch self {
    case .step(let name), .field(let name): name
    case .variable(let name): "\(name)()"
    case .collect(let left, let right):
      Self.wrapped(binding > 2, left.text(inside: 2) + "." + right.text(inside: 3))
    case .union(let left, let right): Self.pair(left, "\\/", right, binding)
    case .intersection(let left, let right): Self.pair(left, "/\\", right, binding)
    case .difference(let left, let right): Self.pair(left, "-", right, binding)
    case .transitive(let inner): inner.text(inside: 3) + "*"
    case .subType(let inner, let type): inner.text(inside: 3) + "[\(type)]"
    }
  }

  private static func pair(
    _ left: StepExpression, _ sign: String, _ right: StepExpression, _ binding: Int
  ) -> String {
    wrapped(binding > 0, left.text(inside: 0) + " \(sign) " + right.text(inside: 1))
  }

  private static func wrapped(_ isNeeded: Bool, _ text: String) -> String {
    isNeeded ? "(\(text))" : text
  }
}

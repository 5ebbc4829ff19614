package import ThreatLanguage

/// From an expression to a postfix program.
extension TimeSampler {
  /// Throws for what has no meaning at all (an unknown distribution, a parameter that is not finite, an
  /// undefined number) and for expressions of unreasonable size.
  package init(_ expression: TTCExpression) throws(UnsupportedTTC) {
    let (gate, tree) = try TimeTree.of(expression)
    switch tree {
    case .constant(let days): self.init(gate: gate, .constant(days))
    case .draw(let base): self.init(gate: gate, .single(base))
    case .combine: self.init(gate: gate, .program(Self.code(of: tree).instructions))
    }
  }

  /// `height` numbers are on the stack at most.
  private static func code(of tree: TimeTree) -> (instructions: [TimeInstruction], height: Int) {
    switch tree {
    case .constant(let value): return ([.constant(value)], 1)
    case .draw(let base): return ([.draw(base)], 1)
    case .combine(let operation, let left, let right):
      let (a, b) = (code(of: left), code(of: right))
      // The side that needs more of the stack first: then the height is logarithmic in the size.
      let isReversed = b.height > a.height
      let both = isReversed ? b.instructions + a.instructions : a.instructions + b.instructions
      let height = a.height == b.height ? a.height + 1 : max(a.height, b.height)
      return (both + [.combine(operation, isReversed: isReversed)], height)
    }
  }
}

package import EngineSupport

/// A walk over associations as written; every part has its place.
package struct ExpressionSyntax: Sendable {
  package indirect enum Shape: Sendable {
    /// A field or, at the end of a lead, a step.
    case name(String)
    /// `name()`
    case call(String)
    case collect(ExpressionSyntax, ExpressionSyntax)
    case union(ExpressionSyntax, ExpressionSyntax)
    case intersection(ExpressionSyntax, ExpressionSyntax)
    case difference(ExpressionSyntax, ExpressionSyntax)
    case transitive(ExpressionSyntax)
    case subType(ExpressionSyntax, NameSyntax)
    /// `walk:n..m`, in model effects and detectors only.
    case quantity(ExpressionSyntax, QuantitySyntax)
  }

  package var shape: Shape
  package var location: SourceLocation
}

/// `:n`, `:*`, `:n..m` or `:n..*` after a walk, each bound as written.
package struct QuantitySyntax: Sendable {
  package var minimum: String
  package var maximum: String?
  package var location: SourceLocation
}

/// A time-to-compromise expression as written; every part has its place.
package struct TTCSyntax: Sendable {
  package enum Operation: Sendable, CaseIterable { case sum, difference, product, quotient, power }

  package indirect enum Shape: Sendable {
    case distribution(String, [Double])
    case number(Double)
    case operation(Operation, TTCSyntax, TTCSyntax)
  }

  package var shape: Shape
  package var location: SourceLocation
}

package import EngineSupport
import TensorCore

/// CastLike: a tensor in the type that another one has.
package struct TypeMatching: Operator {
  package static let signatures = [
    OperatorSignature(
      "CastLike", opsets: 15...OperatorSignature.newestOpset, operands: 2...2,
      attributes: ["saturate"])
  ]

  private let conversion: Conversion

  package init(_ node: OperatorNode) throws(Diagnostic) { conversion = try Conversion(node) }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    try conversion.evaluate(operands, within: &budget)
  }
}

package import EngineSupport
import TensorCore

/// If: one of two sub-graphs, as a truth value says.
package struct Branching: ControlOperator {
  package static let signatures = [
    OperatorSignature("If", attributes: ["else_branch", "then_branch"], results: 4_096)
  ]

  private let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }

  func evaluate(
    _ operands: [Execution.Held?], bodies: [String: EvaluationProgram],
    in execution: inout Execution
  ) throws(Diagnostic) -> [Execution.Held] {
    guard let condition = try node.tensor(operands[0]?.value, 0) as? Tensor<Bool>,
      condition.count == 1
    else { throw node.wrongType("the condition must be one truth value") }
    guard let body = bodies[condition.elements[0] ? "then_branch" : "else_branch"] else {
      throw node.invalidAttribute("then_branch", "a graph, and else_branch too")
    }
    return try execution.run(body, on: [])
  }
}

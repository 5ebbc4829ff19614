package import EngineSupport
import TensorCore

/// SequenceMap: a sub-graph run once for each element of a sequence; its results make sequences again.
package struct SequenceMapping: ControlOperator {
  package static let signatures = [
    OperatorSignature(
      "SequenceMap", opsets: 17...OperatorSignature.newestOpset, operands: 1...4_096,
      attributes: ["body"], results: 4_096)
  ]

  private let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }

  func evaluate(
    _ operands: [Execution.Held?], bodies: [String: EvaluationProgram],
    in execution: inout Execution
  ) throws(Diagnostic) -> [Execution.Held] {
    guard let body = bodies["body"], body.inputs.count == operands.count else {
      throw node.mismatch("the body does not fit the \(operands.count) inputs")
    }
    let values = operands.compactMap(\.self)
    guard values.count == operands.count, case .sequence(let first)? = values.first?.value else {
      throw node.wrongType("input 0 is no sequence")
    }
    var results = [[RuntimeValue]](repeating: [], count: body.outputs.count)
    for round in first.indices {
      var inputs: [Execution.Held] = []
      for value in values {
        guard case .sequence(let elements) = value.value else {
          inputs.append(value)
          continue
        }
        guard elements.count == first.count else {
          throw node.mismatch("sequences of \(first.count) and \(elements.count)")
        }
        inputs.append(execution.held(elements[round]))
      }
      try execution.budget.spend(1 + values.count, for: node)
      for (index, result) in try execution.run(body, on: inputs).enumerated() {
        results[index].append(result.value)
        execution.budget.hold(result.value)
      }
    }
    for value in results.joined() { execution.budget.release(value) }
    return results.map { execution.held(.sequence($0)) }
  }
}

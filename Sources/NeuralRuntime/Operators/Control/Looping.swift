package import EngineSupport
import TensorCore

/// Loop: a sub-graph run a number of times or while a condition holds; values are carried from round to
/// round, and others are gathered into a tensor with one row a round.
package struct Looping: ControlOperator {
  package static let signatures = [
    OperatorSignature("Loop", operands: 2...4_096, attributes: ["body"], results: 4_096)
  ]

  private let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }

  func evaluate(
    _ operands: [Execution.Held?], bodies: [String: EvaluationProgram],
    in execution: inout Execution
  ) throws(Diagnostic) -> [Execution.Held] {
    guard let body = bodies["body"] else { throw node.invalidAttribute("body", "a graph") }
    let carriedCount = operands.count - 2
    guard body.inputs.count == carriedCount + 2, body.outputs.count >= carriedCount + 1 else {
      throw node.mismatch("the body does not fit the \(carriedCount) values that are carried")
    }
    var most = Int64.max
    if let limit = operands[0] {
      guard let tensor = try node.tensor(limit.value, 0) as? Tensor<Int64>, tensor.count == 1 else {
        throw node.wrongType("the number of rounds must be one int64")
      }
      most = tensor.elements[0]
    }
    var isGoingOn = try operands[1].map { (held) throws(Diagnostic) in try truth(held) } ?? true
    var carried: [Execution.Held] = []
    for operand in operands.dropFirst(2) {
      guard let operand else { throw node.mismatch("a carried value is left out") }
      carried.append(operand)
    }
    var gathered = [[Execution.Held]](repeating: [], count: body.outputs.count - 1 - carriedCount)
    var round: Int64 = 0
    while round < most, isGoingOn {
      guard round < Int64(NetworkLimits.rounds) else {
        throw Diagnostic(
          "onnx.work.too-large", "Loop: more than \(NetworkLimits.rounds) rounds",
          at: node.location)
      }
      let counter = Execution.Held(
        value: .tensor(Tensor(shape: [], elements: [round])), origin: -1)
      let condition = Execution.Held(
        value: .tensor(Tensor(shape: [], elements: [isGoingOn])), origin: -1)
      try execution.budget.spend(1 + carried.count, for: node)
      let results = try execution.run(body, on: [counter, condition] + carried)
      isGoingOn = try truth(results[0])
      carried = Array(results[1..<1 + carriedCount])
      for index in gathered.indices {
        gathered[index].append(results[1 + carriedCount + index])
        execution.budget.hold(results[1 + carriedCount + index].value)
      }
      round += 1
    }
    for values in gathered {
      carried.append(try Stacking.stacked(values, axis: 0, reversed: false, node, in: &execution))
      for value in values { execution.budget.release(value.value) }
    }
    return carried
  }

  private func truth(_ held: Execution.Held) throws(Diagnostic) -> Bool {
    guard let tensor = try node.tensor(held.value, 1) as? Tensor<Bool>, tensor.count == 1 else {
      throw node.wrongType("the condition must be one truth value")
    }
    return tensor.elements[0]
  }
}

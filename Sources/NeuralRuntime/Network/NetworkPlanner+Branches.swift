import EngineSupport
import ONNXFormat
import TensorCore

/// A branch whose condition is a constant is its body, planned in its place.
extension NetworkPlanner {
  /// False where the node is no such branch.
  mutating func inline(_ node: ONNXNode, at index: Int) throws(Diagnostic) -> Bool {
    guard node.domain.isEmpty, node.operation == "If", node.inputs.count == 1,
      case .tensor(let condition) = try meaning(of: node.inputs[0], readBy: node, at: index),
      let truth = condition.values as? Tensor<Bool>, truth.count == 1
    else { return false }
    let name = truth.elements[0] ? "then_branch" : "else_branch"
    guard let body = node.subgraphs.first(where: { $0.name == name })?.graph,
      body.inputs.isEmpty, body.outputs.count >= node.outputs.count
    else { return false }
    inlinedNodes += body.nodes.count
    guard inlinedNodes <= NetworkLimits.nodes else {
      throw tooLarge("branches hold more than \(NetworkLimits.nodes) nodes", at: node.location)
    }
    // Names of the body hide those around it until it ends.
    let names = body.initializers.map(\.name) + body.nodes.flatMap(\.outputs)
    let hidden = names.map { ($0, meanings[$0], operandConstants[$0]) }
    for name in names { operandConstants[name] = nil }
    for tensor in body.initializers { meanings[tensor.name] = .tensor(tensor) }
    for inner in body.nodes { try add(inner, at: index) }
    let results = body.outputs.map { meanings[$0.name] }
    for (name, meaning, constant) in hidden {
      meanings[name] = meaning
      operandConstants[name] = constant
    }
    for (name, result) in zip(node.outputs, results) where !name.isEmpty {
      guard let result else {
        throw Diagnostic(
          "onnx.value.undefined", "nothing defines output \"\(name)\" of a branch",
          at: node.location)
      }
      meanings[name] = result
    }
    return true
  }
}

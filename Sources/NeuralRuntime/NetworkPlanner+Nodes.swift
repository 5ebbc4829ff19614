import EngineSupport
import ONNXFormat
import TensorCore

/// Planning of one node after the other.
extension NetworkPlanner {
  mutating func add(_ node: ONNXNode, at index: Int) throws(Diagnostic) {
    guard let result = node.outputs.first, !result.isEmpty else {
      throw Diagnostic(
        "onnx.value.undefined", "\(node.operation) has no output", at: node.location)
    }
    if node.operation == ConstantNode.operation {
      meanings[result] = .tensor(try ConstantNode.tensor(of: node, opset: opset))
      return
    }
    guard let (signature, family) = registry.entry(for: node.operation, opset: opset) else {
      throw OperatorNode(node, opset: opset).unsupported("unknown operator")
    }
    let (names, parameters) = try split(node, signature, at: index)
    var operands: [NetworkPlan.Source] = []
    for name in names { operands.append(try operand(name, of: node, at: index)) }
    let operation = try family.init(OperatorNode(node, opset: opset, parameters: parameters))
    let shapes = operands.map { source in
      switch source {
      case .value(let index): plan.values[index].shape
      case .constant(let index): plan.constants[index].shape
      }
    }
    let outputs = try operation.outputShapes(for: shapes)
    let isFolded = operands.allSatisfy { if case .constant = $0 { true } else { false } }
    var elements = 0
    for shape in outputs { elements += try elementCount(result, shape, at: node.location) }
    try count(
      work: operation.work(for: shapes, outputs: outputs), elements: elements,
      isFolded: isFolded, at: node.location)
    if isFolded {
      meanings[result] = .folded(fold(operation, operands))
      return
    }
    let value = try newValue(result, outputs[0], at: node.location)
    meanings[result] = .value(value)
    plan.steps.append(
      NetworkPlan.Step(
        name: node.operation, operation: operation, operands: operands, results: [value],
        multiplyAdds: operation.multiplyAdds(for: shapes, outputs: outputs),
        location: node.location))
  }

  /// Separates the tensors that flow through a node from its constant parameters.
  private func split(
    _ node: ONNXNode, _ signature: OperatorSignature, at index: Int
  ) throws(Diagnostic) -> (operands: [String], parameters: [String: ONNXTensor]) {
    let reader = OperatorNode(node, opset: opset)
    var names = node.inputs
    while names.last?.isEmpty == true { names.removeLast() }
    let most = signature.operands.upperBound
    let operands = Array(names.prefix(most))
    let rest = names.dropFirst(most)
    guard operands.count >= signature.operands.lowerBound,
      rest.count <= signature.parameters.count
    else { throw reader.mismatch("\(names.count) inputs are too few or too many") }
    guard !operands.contains("") else { throw reader.mismatch("a needed input is left out") }
    var parameters: [String: ONNXTensor] = [:]
    for (name, value) in zip(signature.parameters, rest) where !value.isEmpty {
      guard case .tensor(let tensor) = try meaning(of: value, readBy: node, at: index) else {
        throw reader.unsupported("input \(name) must be a constant")
      }
      parameters[name] = tensor
    }
    return (operands, parameters)
  }

  private mutating func operand(
    _ name: String, of node: ONNXNode, at index: Int
  ) throws(Diagnostic) -> NetworkPlan.Source {
    switch try meaning(of: name, readBy: node, at: index) {
    case .value(let value): return .value(value)
    case .folded(let constant): return .constant(constant)
    case .tensor(let tensor):
      if let known = operandConstants[name] { return .constant(known) }
      _ = try elementCount(name, tensor.shape, at: tensor.location)
      guard let numbers = tensor.numbers else {
        throw Diagnostic(
          "onnx.type.unsupported",
          "\(node.operation) reads \"\(name)\", which does not hold floating-point numbers",
          at: node.location)
      }
      plan.constants.append(numbers)
      operandConstants[name] = plan.constants.count - 1
      parameterCount += numbers.float.count
      return .constant(plan.constants.count - 1)
    }
  }

  /// Computes a step whose operands are all constants, in both precisions.
  private mutating func fold(_ operation: any Operator, _ operands: [NetworkPlan.Source]) -> Int {
    let constants = operands.compactMap { source in
      if case .constant(let index) = source { plan.constants[index] } else { nil }
    }
    plan.constants.append(
      DualTensor(
        float: operation.forward(constants.map(\.float), by: .fastest)[0],
        double: operation.forward(constants.map(\.double), by: .fastest)[0]))
    return plan.constants.count - 1
  }

  /// The graph's outputs as values, and warnings where the file declares other shapes.
  mutating func outputs(
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> [Int] {
    var result: [Int] = []
    for output in model.graph.outputs {
      let location = SourceLocation(
        document: graphLocation.document, path: "output \"\(output.name)\"")
      guard let meaning = meanings[output.name] else {
        throw Diagnostic(
          "onnx.value.undefined", "nothing defines output \"\(output.name)\"", at: location)
      }
      guard case .value(let value) = meaning else {
        throw Diagnostic(
          "onnx.graph.interface", "output \"\(output.name)\" does not depend on the input",
          at: location)
      }
      let shape = plan.values[value].shape
      if let declared = output.shape, !agrees(declared, with: shape) {
        diagnostics.report(
          Diagnostic(
            .warning, "onnx.shape.mismatch",
            "output \"\(output.name)\" has the shape \(shape), which is not what the file declares",
            at: location))
      }
      result.append(value)
    }
    guard !result.isEmpty else {
      throw Diagnostic("onnx.graph.interface", "the graph has no output", at: graphLocation)
    }
    return result
  }

  private func agrees(_ declared: [ONNXValue.Dimension], with shape: [Int]) -> Bool {
    declared.count == shape.count
      && zip(declared, shape).allSatisfy { dimension, size in
        if case .fixed(let fixed) = dimension { fixed == size } else { true }
      }
  }
}

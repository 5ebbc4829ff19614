import EngineSupport
import ONNXFormat
import TensorCore

/// Planning of one node after the other.
extension NetworkPlanner {
  mutating func add(_ node: ONNXNode, at index: Int) throws(Diagnostic) {
    let opset = opset(of: node)
    guard let result = node.outputs.first, node.outputs.contains(where: { !$0.isEmpty }) else {
      throw Diagnostic(
        "onnx.value.undefined", "\(node.operation) has no output", at: node.location)
    }
    if node.domain.isEmpty, node.operation == ConstantNode.operation {
      meanings[result] = .tensor(try ConstantNode.tensor(of: node, opset: opset))
      return
    }
    if try inline(node, at: index) { return }
    let reader = OperatorNode(node, opset: opset)
    guard
      let (signature, family) = registry.entry(
        for: node.operation, domain: node.domain, opset: opset)
    else { throw reader.unsupported("unknown operator") }
    if try addLabels(node, family, at: index) { return }
    if try foldShape(node, family, at: index) { return }
    let (names, parameters) = try split(node, signature, at: index)
    if try evaluate(node, family, names, parameters, at: index) { return }
    guard let family = family as? any RealOperator.Type else {
      throw Diagnostic(
        "onnx.operator.data-dependent",
        "\(node.operation) depends on the values of the input: the model can be run, but not planned",
        at: node.location)
    }
    guard !names.contains("") else { throw reader.mismatch("a needed input is left out") }
    var operands: [NetworkPlan.Source] = []
    for name in names { operands.append(try operand(name, of: node, at: index)) }
    let holdsSteps = try holdsSteps(operands, of: node, family)
    let operation = try family.init(OperatorNode(node, opset: opset, parameters: parameters))
    let shapes = operands.map { source in
      switch source {
      case .value(let index): plan.values[index].shape
      case .constant(let index): plan.constants[index].shape
      }
    }
    let outputs = try operation.outputShapes(for: shapes)
    let outputNames = realOutputs(of: node, operation)
    if let name = outputNames.dropFirst(outputs.count).first(where: { !$0.isEmpty }) {
      throw reader.unsupported("optional output \(name) in a planned network")
    }
    let isFolded = operands.allSatisfy { if case .constant = $0 { true } else { false } }
    var elements = 0
    for shape in outputs { elements += try elementCount(result, shape, at: node.location) }
    try count(
      work: operation.work(for: shapes, outputs: outputs), elements: elements,
      isFolded: isFolded, at: node.location)
    if isFolded {
      for (name, constant) in zip(outputNames, fold(operation, operands)) where !name.isEmpty {
        meanings[name] = .folded(constant)
      }
      return
    }
    var values: [Int] = []
    for (position, shape) in outputs.enumerated() {
      let name = position < outputNames.count ? outputNames[position] : ""
      let value = try newValue(name, shape, at: node.location)
      if !name.isEmpty { meanings[name] = .value(value) }
      if holdsSteps { stepValues.insert(value) }
      if position == 0, operation is Passing, case .value(let passed)? = operands.first {
        origins[value] = origins[passed] ?? passed
      }
      values.append(value)
    }
    plan.steps.append(
      NetworkPlan.Step(
        name: node.operation, operation: operation, operands: operands, results: values,
        multiplyAdds: operation.multiplyAdds(for: shapes, outputs: outputs),
        location: node.location))
  }

  /// The names of the outputs that are real numbers; notes the others.
  private mutating func realOutputs(
    of node: ONNXNode, _ operation: any RealOperator
  ) -> [String] {
    var names: [String] = []
    for (output, name) in node.outputs.enumerated() {
      if operation.isReal(output: output) {
        names.append(name)
      } else if !name.isEmpty {
        labels[name] = Label(node: node, isDecidedByScores: operation.scoresDecideLabels)
        // In a branch the label hides what the name meant around it.
        meanings[name] = nil
      }
    }
    return names
  }

  /// Whether the results are quantised steps. Errors: `onnx.operator.data-dependent` for arithmetic on steps,
  /// which wraps around and rounds as integers do.
  private func holdsSteps(
    _ operands: [NetworkPlan.Source], of node: ONNXNode, _ family: any RealOperator.Type
  ) throws(Diagnostic) -> Bool {
    if family is Quantization.Type { return true }
    let readsSteps = operands.contains { source in
      if case .value(let index) = source { stepValues.contains(index) } else { false }
    }
    guard readsSteps, !(family is Dequantization.Type), !(family is Conversion.Type) else {
      return false
    }
    guard
      family is any RearrangingOperator.Type || family is MaximumPooling.Type
        || family is Passing.Type
    else {
      throw Diagnostic(
        "onnx.operator.data-dependent",
        "\(node.operation) on quantised integers: the model can be run, but not planned",
        at: node.location)
    }
    return true
  }

  /// Shape and Size of a planned value are known without its elements.
  private mutating func foldShape(
    _ node: ONNXNode, _ family: any Operator.Type, at index: Int
  ) throws(Diagnostic) -> Bool {
    guard family is ShapeReading.Type, node.inputs.count == 1,
      case .value(let value) = try meaning(of: node.inputs[0], readBy: node, at: index)
    else { return false }
    let reader = OperatorNode(node, opset: opset(of: node))
    let values = try ShapeReading(reader).reading(plan.values[value].shape)
    meanings[node.outputs[0]] = .tensor(
      ONNXTensor(name: node.outputs[0], values: values, location: node.location))
    return true
  }

  /// Runs an operator on constants that no planned value reads in two precisions: integers, text, and
  /// operators that have no plan. False where the operator is not of that kind.
  private mutating func evaluate(
    _ node: ONNXNode, _ family: any Operator.Type, _ names: [String],
    _ parameters: [String: any AnyTensor], at index: Int
  ) throws(Diagnostic) -> Bool {
    var operands: [RuntimeValue?] = []
    // A conversion of constants may leave the reals, and the classical operators give labels.
    var hasOtherThanReals =
      !(family is any RealOperator.Type) || family is Conversion.Type
      || node.domain == "ai.onnx.ml"
    for name in names {
      guard !name.isEmpty else {
        operands.append(nil)
        continue
      }
      switch try meaning(of: name, readBy: node, at: index) {
      case .value: return false
      case .folded(let constant): operands.append(.tensor(plan.constants[constant].float))
      case .tensor(let tensor):
        operands.append(.tensor(tensor.values))
        if tensor.numbers == nil { hasOtherThanReals = true }
      }
    }
    guard hasOtherThanReals, !(family is any ControlOperator.Type) else { return false }
    let operation = try family.init(
      OperatorNode(node, opset: opset(of: node), parameters: parameters))
    var budget = EvaluationBudget()
    let results = try operation.evaluate(operands, within: &budget)
    for (name, result) in zip(node.outputs, results) where !name.isEmpty {
      guard let tensor = result.tensor else {
        throw OperatorNode(node, opset: opset(of: node)).unsupported(
          "gives a constant that is no tensor")
      }
      try count(work: 0, elements: tensor.count, isFolded: true, at: node.location)
      meanings[name] = .tensor(ONNXTensor(name: name, values: tensor, location: node.location))
    }
    return true
  }

  /// Separates the tensors that flow through a node from its constant parameters.
  private func split(
    _ node: ONNXNode, _ signature: OperatorSignature, at index: Int
  ) throws(Diagnostic) -> (operands: [String], parameters: [String: any AnyTensor]) {
    let reader = OperatorNode(node, opset: opset(of: node))
    var names = node.inputs
    while names.last?.isEmpty == true { names.removeLast() }
    guard names.count <= signature.inputLimit else {
      throw reader.mismatch("\(names.count) inputs are too few or too many")
    }
    var operands: [String] = []
    var parameters: [String: any AnyTensor] = [:]
    for (name, role) in zip(names, signature.roles(of: names.count)) {
      guard let role else {
        operands.append(name)
        continue
      }
      guard !name.isEmpty else { continue }
      switch try meaning(of: name, readBy: node, at: index) {
      case .tensor(let tensor): parameters[role] = tensor.values
      case .folded(let constant): parameters[role] = plan.constants[constant].float
      case .value: throw reader.unsupported("input \(role) must be a constant")
      }
    }
    guard operands.count >= signature.operands.lowerBound else {
      throw reader.mismatch("\(names.count) inputs are too few or too many")
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
      plan.parameterNames[plan.constants.count - 1] = name
      parameterCount += numbers.float.count
      return .constant(plan.constants.count - 1)
    }
  }

  /// Computes a step whose operands are all constants, in both precisions.
  private mutating func fold(
    _ operation: any RealOperator, _ operands: [NetworkPlan.Source]
  ) -> [Int] {
    let constants = operands.compactMap { source in
      if case .constant(let index) = source { plan.constants[index] } else { nil }
    }
    let float = operation.forward(constants.map(\.float), by: .fastest)
    let double = operation.forward(constants.map(\.double), by: .fastest)
    return zip(float, double).map { float, double in
      plan.constants.append(DualTensor(float: float, double: double))
      return plan.constants.count - 1
    }
  }

  /// The graph's outputs as values, and warnings where the file declares other shapes.
  mutating func outputs(
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> [Int] {
    var result: [Int] = []
    let scores = model.graph.outputs.lazy.compactMap { [meanings] output in
      if case .value(let value)? = meanings[output.name] { value } else { nil }
    }.first
    for output in model.graph.outputs {
      if try isLabel(output, besides: scores, reportingTo: &diagnostics) { continue }
      noteMap(output, reportingTo: &diagnostics)
      let location = location(of: output)
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
      throw Diagnostic(
        "onnx.graph.interface", "the graph has no output of real numbers", at: graphLocation)
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

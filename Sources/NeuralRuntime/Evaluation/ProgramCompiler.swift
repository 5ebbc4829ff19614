import EngineSupport
import ONNXFormat
import TensorCore

/// What names stand for in the graphs around a sub-graph, innermost first; nothing is copied for a look-up.
struct NameChain {
  private let layers: [[String: Int]]

  init() { layers = [] }

  init(names: [String: Int], outer: NameChain) { layers = [names] + outer.layers }

  func place(of name: String) -> Int? {
    for layer in layers {
      if let place = layer[name] { return place }
    }
    return nil
  }
}

/// Turns a model's graph and sub-graphs into programs, and refuses what cannot run before anything does.
struct ProgramCompiler {
  let model: ONNXModel
  let registry: OperatorRegistry
  private(set) var placeCount = 0
  private(set) var constants: [(place: Int, value: RuntimeValue)] = []
  private var constantAt: [Int: any AnyTensor] = [:]

  init(_ model: ONNXModel, registry: OperatorRegistry) {
    self.model = model
    self.registry = registry
  }

  func opset(of node: ONNXNode) -> Int { node.opset ?? model.opsets[node.domain] ?? 0 }

  /// The first refusal is thrown, the others are reported.
  func checkOperators(reportingTo diagnostics: inout Diagnostics) throws(Diagnostic) {
    let nodes = model.graph.allNodes
    guard nodes.count <= NetworkLimits.nodes else {
      throw Diagnostic(
        "onnx.graph.too-large", "more than \(NetworkLimits.nodes) nodes", at: nodes[0].location)
    }
    var first: Diagnostic?
    for node in nodes {
      guard let refusal = registry.refusal(of: node, opset: opset(of: node)) else { continue }
      if first == nil { first = refusal } else { diagnostics.report(refusal) }
    }
    if let first { throw first }
  }

  private mutating func newPlace() -> Int {
    placeCount += 1
    return placeCount - 1
  }

  private mutating func addConstant(_ tensor: ONNXTensor) -> Int {
    let place = newPlace()
    constants.append((place, .tensor(tensor.values)))
    constantAt[place] = tensor.values
    return place
  }

  /// - Parameter outer: What the names of the graphs around a sub-graph stand for.
  mutating func program(
    of graph: ONNXGraph, outer: NameChain
  ) throws(Diagnostic) -> EvaluationProgram {
    var program = EvaluationProgram()
    // Places are numbered in order, so those from here on belong to this graph or one inside it.
    let firstPlace = placeCount
    var own: [String: Int] = [:]
    for tensor in graph.initializers { own[tensor.name] = addConstant(tensor) }
    for input in graph.inputs {
      let place = newPlace()
      own[input.name] = place
      program.inputs.append(place)
    }
    for node in graph.nodes {
      if node.domain.isEmpty, node.operation == ConstantNode.operation {
        let tensor = try ConstantNode.tensor(of: node, opset: opset(of: node))
        try define(tensor.name, as: addConstant(tensor), in: &own, by: node)
        continue
      }
      program.steps.append(try step(node, graph, &own, outer, &program.captures))
    }
    program.captures = program.captures.filter { $0 < firstPlace }
    for output in graph.outputs {
      guard let place = own[output.name] ?? outer.place(of: output.name) else {
        throw Diagnostic(
          "onnx.value.undefined", "nothing defines output \"\(output.name)\"",
          at: graph.nodes.last?.location)
      }
      if own[output.name] == nil { program.captures.insert(place) }
      program.outputs.append(place)
    }
    addReleases(to: &program)
    return program
  }

  private func define(
    _ name: String, as place: Int, in own: inout [String: Int], by node: ONNXNode
  ) throws(Diagnostic) {
    guard own.updateValue(place, forKey: name) == nil else {
      throw Diagnostic(
        "onnx.value.duplicate", "value \"\(name)\" is defined twice", at: node.location)
    }
  }

  private mutating func step(
    _ node: ONNXNode, _ graph: ONNXGraph, _ own: inout [String: Int], _ outer: NameChain,
    _ captures: inout Set<Int>
  ) throws(Diagnostic) -> EvaluationProgram.Step {
    let opset = opset(of: node)
    let reader = OperatorNode(node, opset: opset)
    guard
      let (signature, family) = registry.entry(
        for: node.operation, domain: node.domain, opset: opset)
    else { throw reader.unsupported("unknown operator") }
    var names = node.inputs
    while names.last?.isEmpty == true { names.removeLast() }
    guard names.count <= signature.inputLimit else {
      throw reader.mismatch("\(names.count) inputs are too many")
    }
    var operands: [Int?] = []
    var parameters: [(name: String, place: Int)] = []
    for (name, role) in zip(names, signature.roles(of: names.count)) {
      if name.isEmpty {
        if role == nil { operands.append(nil) }
        continue
      }
      let place = try place(of: name, readBy: node, graph, own, outer)
      if own[name] == nil { captures.insert(place) }
      if let role { parameters.append((role, place)) } else { operands.append(place) }
    }
    guard operands.count >= signature.operands.lowerBound else {
      throw reader.mismatch("\(names.count) inputs are too few")
    }
    var bodies: [String: EvaluationProgram] = [:]
    for (name, body) in node.subgraphs {
      let program = try program(of: body, outer: NameChain(names: own, outer: outer))
      captures.formUnion(program.captures)
      bodies[name] = program
    }
    var operation: (any Operator)?
    let known = parameters.compactMap { parameter in
      constantAt[parameter.place].map { (parameter.name, $0) }
    }
    if known.count == parameters.count {
      operation = try family.init(
        OperatorNode(node, opset: opset, parameters: Dictionary(known) { $1 }))
    }
    var results: [Int?] = []
    for name in node.outputs {
      guard !name.isEmpty else {
        results.append(nil)
        continue
      }
      let place = newPlace()
      try define(name, as: place, in: &own, by: node)
      results.append(place)
    }
    return EvaluationProgram.Step(
      node: node, opset: opset, family: family, operation: operation, operands: operands,
      parameters: parameters, results: results, bodies: bodies)
  }

  private func place(
    of name: String, readBy node: ONNXNode, _ graph: ONNXGraph, _ own: [String: Int],
    _ outer: NameChain
  ) throws(Diagnostic) -> Int {
    if let place = own[name] { return place }
    if let producer = graph.nodes.firstIndex(where: { $0.outputs.contains(name) }) {
      throw Diagnostic(
        "onnx.graph.order",
        "\(node.operation) reads \"\(name)\" before node \(producer) makes it: the nodes are not "
          + "sorted or form a cycle", at: node.location)
    }
    if let place = outer.place(of: name) { return place }
    throw Diagnostic(
      "onnx.value.undefined", "\(node.operation) reads \"\(name)\", which nothing defines",
      at: node.location)
  }

  /// Lets go of each value after the last step that reads it; constants and outputs stay.
  private func addReleases(to program: inout EvaluationProgram) {
    var kept = Set(program.outputs).union(constantAt.keys)
    let made = Set(program.inputs + program.steps.flatMap { $0.results.compactMap(\.self) })
    for index in program.steps.indices.reversed() {
      let step = program.steps[index]
      var read = Set(step.operands.compactMap(\.self)).union(step.parameters.map(\.place))
      for body in step.bodies.values { read.formUnion(body.captures) }
      read.formUnion(step.results.compactMap(\.self))
      program.steps[index].releases = read.intersection(made).subtracting(kept).sorted()
      kept.formUnion(read)
    }
  }
}

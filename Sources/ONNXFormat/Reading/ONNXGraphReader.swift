import EngineSupport

/// Turns the decoded graph into located values: names are usable, every value has one origin, every
/// operator's domain is imported.
struct ONNXGraphReader {
  /// Longer names than this are not read.
  private static let nameLimit = 4_096

  let document: String
  let opsets: [String: Int]
  let functions: FunctionInliner
  let external: ExternalDocuments

  /// - Parameters:
  ///   - path: The node and attribute that hold a sub-graph; empty for the model's graph.
  ///   - outer: Names that a sub-graph may read from the graphs around it.
  func graph(
    _ wire: WireGraph, path: String, outer: [Set<String>]
  ) throws(Diagnostic) -> ONNXGraph {
    func place(_ own: String) -> SourceLocation {
      SourceLocation(document: document, path: path.isEmpty ? own : "\(path) / \(own)")
    }
    try checkName(wire.name, at: place("graph"), mayBeEmpty: true)
    var initializers: [ONNXTensor] = []
    var constants: Set<String> = []
    func add(_ tensor: ONNXTensor) throws(Diagnostic) {
      guard constants.insert(tensor.name).inserted else {
        throw Diagnostic(
          "onnx.initializer.duplicate", "the constant \"\(tensor.name)\" is given twice",
          at: tensor.location)
      }
      initializers.append(tensor)
    }
    for (index, tensor) in wire.initializer.enumerated() {
      try checkName(tensor.name, at: place("initializer \(index)"))
      let location = place("initializer \"\(tensor.name)\"")
      try add(
        try ONNXTensorReader(wire: tensor, location: location, external: external).tensor())
    }
    for (index, sparse) in wire.sparseInitializer.enumerated() {
      let location = place("sparse initializer \(index)")
      let tensor = try ONNXSparseTensorReader(wire: sparse, location: location, external: external)
        .tensor()
      try checkName(tensor.name, at: location)
      try add(tensor)
    }

    var inputs: [ONNXValue] = []
    var defined = constants
    for (index, value) in wire.input.enumerated() {
      try checkName(value.name, at: place("input \(index)"))
      // Up to IR version 3 every constant stands among the inputs too.
      if constants.contains(value.name) { continue }
      try define(value.name, in: &defined, at: place("input \"\(value.name)\""))
      inputs.append(ONNXValue(value))
    }
    var nodes: [ONNXNode] = []
    let calls = try functions.expanded(wire.node, opsets: nil)
    // Every name of the graph may be read inside its sub-graphs; the order is checked when it is planned.
    let visible = outer + [defined.union(calls.flatMap(\.node.output))]
    for (index, call) in calls.enumerated() {
      // The place is put together from these two.
      try checkName(call.node.name, at: place("node \(index)"), mayBeEmpty: true)
      try checkName(call.node.opType, at: place("node \(index) \"\(call.node.name)\""))
      let node = try node(call, at: place(call.path), outer: visible)
      for output in node.outputs where !output.isEmpty {
        try define(output, in: &defined, at: node.location)
      }
      nodes.append(node)
    }
    let outputs = try wire.output.enumerated().map { (index, value) throws(Diagnostic) in
      try checkName(value.name, at: place("output \(index)"))
      guard defined.contains(value.name) || outer.contains(where: { $0.contains(value.name) })
      else {
        throw Diagnostic(
          "onnx.value.undefined", "nothing in the graph computes the output \"\(value.name)\"",
          at: place("output \"\(value.name)\""))
      }
      return ONNXValue(value)
    }
    return ONNXGraph(
      name: wire.name, nodes: nodes, initializers: initializers, inputs: inputs, outputs: outputs)
  }

  private func node(
    _ call: FunctionInliner.Call, at location: SourceLocation, outer: [Set<String>]
  ) throws(Diagnostic) -> ONNXNode {
    let wire = call.node
    try checkName(wire.domain, at: location, mayBeEmpty: true)
    for name in wire.input + wire.output { try checkName(name, at: location, mayBeEmpty: true) }
    let domain = ONNXModel.canonicalDomain(wire.domain)
    guard let opset = (call.opsets ?? opsets)[domain] else {
      throw Diagnostic(
        "onnx.opset.missing", "the model does not import the operator set \"\(domain)\"",
        at: location)
    }
    var attributes: [String: ONNXAttribute] = [:]
    for attribute in wire.attribute {
      try checkName(attribute.name, at: location)
      let value = try ONNXAttribute(attribute, of: location, external: external) {
        (inner) throws(Diagnostic) in
        try graph(
          inner, path: "\(location.path ?? "") \(attribute.name)", outer: outer)
      }
      guard attributes.updateValue(value, forKey: attribute.name) == nil else {
        throw Diagnostic(
          "onnx.attribute.duplicate", "the attribute \"\(attribute.name)\" is given twice",
          at: location)
      }
    }
    var node = ONNXNode(
      name: wire.name, operation: wire.opType, domain: domain, inputs: wire.input,
      outputs: wire.output, attributes: attributes, location: location)
    if call.opsets != nil { node.opset = opset }
    return node
  }

  private func define(
    _ name: String, in defined: inout Set<String>, at location: SourceLocation
  ) throws(Diagnostic) {
    guard defined.insert(name).inserted else {
      throw Diagnostic(
        "onnx.value.duplicate", "the value \"\(name)\" has two origins", at: location)
    }
  }

  /// Names reach diagnostics and reports, so a name is short and has no control characters.
  private func checkName(
    _ name: String, at location: SourceLocation, mayBeEmpty: Bool = false
  ) throws(Diagnostic) {
    guard mayBeEmpty || !name.isEmpty else {
      throw Diagnostic("onnx.name.malformed", "a name is missing", at: location)
    }
    guard name.utf8.count <= Self.nameLimit else {
      throw Diagnostic(
        "onnx.name.malformed", "a name of \(name.utf8.count) bytes; at most \(Self.nameLimit)",
        at: location)
    }
    guard name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw Diagnostic("onnx.name.malformed", "a name has control characters in it", at: location)
    }
  }
}

extension ONNXValue {
  /// Values that are no dense tensors (sequences, maps) keep element type 0, ONNX's `UNDEFINED`.
  init(_ wire: WireValueInfo) {
    let tensor = wire.type.tensorType
    let shape = tensor.hasShape ? tensor.shape.dim.map(Dimension.init) : nil
    self.init(name: wire.name, elementType: Int(tensor.elemType), shape: shape)
    switch wire.type.value {
    case .sequenceType: kind = .sequence
    case .mapType: kind = .map
    case .sparseTensorType: kind = .sparseTensor
    case .optionalType: kind = .optional
    case .tensorType, nil: kind = .tensor
    }
  }
}

extension ONNXValue.Dimension {
  /// Some exporters write −1 for a length they do not know.
  init(_ wire: WireShape.Dimension) {
    switch wire.value {
    case .dimValue(let length) where length >= 0: self = .fixed(Int(length))
    case .dimParam(let name) where !name.isEmpty: self = .dynamic(name)
    default: self = .dynamic(nil)
    }
  }
}

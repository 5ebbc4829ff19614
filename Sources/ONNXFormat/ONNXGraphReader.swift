import EngineSupport

/// Turns the decoded graph into located values: names are usable, every value has one origin, every
/// operator's domain is imported.
struct ONNXGraphReader {
  /// Longer names than this are not read.
  private static let nameLimit = 4_096

  let document: String
  let opsets: [String: Int]

  func graph(_ wire: WireGraph) throws(Diagnostic) -> ONNXGraph {
    guard wire.sparseInitializer.isEmpty else {
      throw Diagnostic(
        "onnx.sparse.unsupported", "the graph has sparse constants, which are not read",
        at: place("graph"), hint: "export the model with dense initializers")
    }
    try checkName(wire.name, at: place("graph"), mayBeEmpty: true)

    var initializers: [ONNXTensor] = []
    var constants: Set<String> = []
    for (index, tensor) in wire.initializer.enumerated() {
      try checkName(tensor.name, at: place("initializer \(index)"))
      let location = place("initializer \"\(tensor.name)\"")
      guard constants.insert(tensor.name).inserted else {
        throw Diagnostic(
          "onnx.initializer.duplicate", "the constant \"\(tensor.name)\" is given twice",
          at: location)
      }
      initializers.append(try ONNXTensorReader(wire: tensor, location: location).tensor())
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
    for (index, wireNode) in wire.node.enumerated() {
      let node = try node(wireNode, index: index)
      for output in node.outputs where !output.isEmpty {
        try define(output, in: &defined, at: node.location)
      }
      nodes.append(node)
    }
    let outputs = try wire.output.enumerated().map { (index, value) throws(Diagnostic) in
      try checkName(value.name, at: place("output \(index)"))
      guard defined.contains(value.name) else {
        throw Diagnostic(
          "onnx.value.undefined", "nothing in the graph computes the output \"\(value.name)\"",
          at: place("output \"\(value.name)\""))
      }
      return ONNXValue(value)
    }
    return ONNXGraph(
      name: wire.name, nodes: nodes, initializers: initializers, inputs: inputs, outputs: outputs)
  }

  private func node(_ wire: WireNode, index: Int) throws(Diagnostic) -> ONNXNode {
    try checkName(wire.name, at: place("node \(index)"), mayBeEmpty: true)
    try checkName(wire.opType, at: place("node \(index) \"\(wire.name)\""))
    let location = place("node \(index) \"\(wire.name)\" (\(wire.opType))")
    try checkName(wire.domain, at: location, mayBeEmpty: true)
    for name in wire.input + wire.output { try checkName(name, at: location, mayBeEmpty: true) }
    let domain = ONNXModel.canonicalDomain(wire.domain)
    guard opsets[domain] != nil else {
      throw Diagnostic(
        "onnx.opset.missing", "the model does not import the operator set \"\(domain)\"",
        at: location)
    }
    var attributes: [String: ONNXAttribute] = [:]
    for attribute in wire.attribute {
      try checkName(attribute.name, at: location)
      let value = try ONNXAttribute(attribute, of: location)
      guard attributes.updateValue(value, forKey: attribute.name) == nil else {
        throw Diagnostic(
          "onnx.attribute.duplicate", "the attribute \"\(attribute.name)\" is given twice",
          at: location)
      }
    }
    return ONNXNode(
      name: wire.name, operation: wire.opType, domain: domain, inputs: wire.input,
      outputs: wire.output, attributes: attributes, location: location)
  }

  private func place(_ path: String) -> SourceLocation {
    SourceLocation(document: document, path: path)
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

import EngineSupport

/// Decoded attributes into typed ones. What the engine does not carry becomes `.unsupported` with its kind,
/// so that the operator that needs it can say so, and a model that holds it can still be described.
extension ONNXAttribute {
  init(_ wire: WireAttribute, of node: SourceLocation) throws(Diagnostic) {
    guard wire.refAttrName.isEmpty else {
      self = .unsupported("reference to a function's attribute")
      return
    }
    guard wire.hasType else {
      throw Diagnostic(
        "onnx.attribute.malformed", "the attribute \"\(wire.name)\" has no known type", at: node)
    }
    switch wire.type {
    case .float: self = .float(wire.f)
    case .int: self = .int(Int(wire.i))
    case .floats: self = .floats(wire.floats)
    case .ints: self = .ints(wire.ints.map { Int($0) })
    case .string:
      if let text = String(validating: wire.s, as: UTF8.self) {
        self = .string(text)
      } else {
        self = .unsupported("string that is not UTF-8")
      }
    case .strings:
      let texts = wire.strings.compactMap { String(validating: $0, as: UTF8.self) }
      if texts.count == wire.strings.count {
        self = .strings(texts)
      } else {
        self = .unsupported("strings that are not UTF-8")
      }
    case .tensor:
      guard let tensor = wire.t.first, wire.t.count == 1 else {
        throw Diagnostic(
          "onnx.attribute.malformed",
          "the attribute \"\(wire.name)\" has \(wire.t.count) tensors instead of one", at: node)
      }
      var place = node
      place.path = node.path.map { "\($0) attribute \"\(wire.name)\"" }
      let reader = ONNXTensorReader(wire: tensor, location: place)
      if reader.isReadable {
        self = .tensor(try reader.tensor())
      } else {
        self = .unsupported("tensor of \(reader.typeName)")
      }
    case .graph: self = .unsupported("graph")
    case .graphs: self = .unsupported("graphs")
    case .tensors: self = .unsupported("tensors")
    case .sparseTensor: self = .unsupported("sparse tensor")
    case .sparseTensors: self = .unsupported("sparse tensors")
    case .typeProto: self = .unsupported("type")
    case .typeProtos: self = .unsupported("types")
    case .undefined: self = .unsupported("undefined")
    }
  }
}

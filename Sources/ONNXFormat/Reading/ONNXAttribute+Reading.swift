import EngineSupport

/// Decoded attributes into typed ones. What the engine does not carry becomes `.unsupported` with its kind,
/// so that the operator that needs it can say so, and a model that holds it can still be described.
extension ONNXAttribute {
  init(
    _ wire: WireAttribute, of node: SourceLocation, external: ExternalDocuments,
    graph: (WireGraph) throws(Diagnostic) -> ONNXGraph
  ) throws(Diagnostic) {
    func single<T>(_ list: [T], _ kind: String) throws(Diagnostic) -> T {
      guard let first = list.first, list.count == 1 else {
        throw Diagnostic(
          "onnx.attribute.malformed",
          "the attribute \"\(wire.name)\" has \(list.count) \(kind) instead of one", at: node)
      }
      return first
    }
    guard wire.refAttrName.isEmpty else {
      self = .unsupported("reference to a function's attribute")
      return
    }
    guard wire.hasType else {
      throw Diagnostic(
        "onnx.attribute.malformed", "the attribute \"\(wire.name)\" has no known type", at: node)
    }
    var place = node
    place.path = node.path.map { "\($0) attribute \"\(wire.name)\"" }
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
      let reader = ONNXTensorReader(
        wire: try single(wire.t, "tensors"), location: place, external: external)
      if reader.isReadable {
        self = .tensor(try reader.tensor())
      } else {
        self = .unsupported("tensor of \(reader.typeName)")
      }
    case .sparseTensor:
      let sparse = try single(wire.sparseTensor, "sparse tensors")
      self = .tensor(
        try ONNXSparseTensorReader(wire: sparse, location: place, external: external).tensor())
    case .graph: self = .graph(try graph(try single(wire.g, "graphs")))
    case .graphs: self = .unsupported("graphs")
    case .tensors: self = .unsupported("tensors")
    case .sparseTensors: self = .unsupported("sparse tensors")
    case .typeProto: self = .unsupported("type")
    case .typeProtos: self = .unsupported("types")
    case .undefined: self = .unsupported("undefined")
    }
  }
}

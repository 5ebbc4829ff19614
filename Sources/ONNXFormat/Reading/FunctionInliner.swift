import EngineSupport

/// Replaces calls of a model's own functions by the functions' nodes, so that nothing later knows of them.
///
/// Source: ONNX IR specification, "Functions". Names inside a call get the call's place as a prefix; an
/// attribute that refers to one of the function's takes the call's value, or the default, or is left out.
struct FunctionInliner {
  /// A node with the operator sets it was written for.
  struct Call {
    var node: WireNode
    /// nil for the model's own imports.
    var opsets: [String: Int]?
    var path: String
  }

  private struct Key: Hashable {
    var domain: String
    var name: String
    var overload: String
  }

  /// Functions that call each other deeper than this, or into more nodes than this, are refused.
  private static let depthLimit = 16
  private static let nodeLimit = 100_000

  private var functions: [Key: (function: WireFunction, opsets: [String: Int])] = [:]
  private let document: String

  init(_ functions: [WireFunction], document: String) throws(Diagnostic) {
    self.document = document
    for (index, function) in functions.enumerated() {
      let location = SourceLocation(
        document: document, path: "function \(index) \"\(function.name)\"")
      let key = Key(
        domain: ONNXModel.canonicalDomain(function.domain), name: function.name,
        overload: function.overload)
      let opsets = try ONNXModel.opsets(function.opsetImport, at: location)
      guard self.functions.updateValue((function, opsets), forKey: key) == nil else {
        throw Diagnostic("onnx.function.duplicate", "the function is defined twice", at: location)
      }
    }
  }

  /// A graph's nodes, each call replaced.
  func expanded(_ nodes: [WireNode], opsets: [String: Int]?) throws(Diagnostic) -> [Call] {
    var result: [Call] = []
    if functions.isEmpty {
      return nodes.enumerated().map {
        Call(node: $1, opsets: opsets, path: Self.path($0, $1))
      }
    }
    for (index, node) in nodes.enumerated() {
      let call = Call(node: node, opsets: opsets, path: Self.path(index, node))
      try expand(call, depth: 0, into: &result)
    }
    return result
  }

  private static func path(_ index: Int, _ node: WireNode) -> String {
    "node \(index) \"\(node.name)\" (\(node.opType))"
  }

  private func expand(
    _ call: Call, depth: Int, into result: inout [Call]
  ) throws(Diagnostic) {
    let key = Key(
      domain: ONNXModel.canonicalDomain(call.node.domain), name: call.node.opType,
      overload: call.node.overload)
    let location = SourceLocation(document: document, path: call.path)
    guard let (function, opsets) = functions[key] else {
      guard result.count < Self.nodeLimit else {
        throw Diagnostic(
          "onnx.limit", "the functions unfold into more than \(Self.nodeLimit) nodes", at: location)
      }
      result.append(call)
      return
    }
    guard depth < Self.depthLimit else {
      throw Diagnostic(
        "onnx.function.depth", "functions call each other more than \(Self.depthLimit) deep",
        at: location)
    }
    guard call.node.input.count <= function.input.count,
      call.node.output.count <= function.output.count
    else {
      throw Diagnostic(
        "onnx.function.mismatch",
        "the call has more inputs or outputs than the function \"\(function.name)\"", at: location)
    }
    var names: [String: String] = [:]
    for (index, name) in function.input.enumerated() {
      names[name] = index < call.node.input.count ? call.node.input[index] : ""
    }
    for (index, name) in function.output.enumerated()
    where index < call.node.output.count && !call.node.output[index].isEmpty {
      names[name] = call.node.output[index]
    }
    var attributes: [String: WireAttribute] = [:]
    for attribute in function.attributeProto { attributes[attribute.name] = attribute }
    for attribute in call.node.attribute { attributes[attribute.name] = attribute }
    let renaming = FunctionRenaming(
      names: names, prefix: "\(call.path)/", attributes: attributes)
    for (index, node) in function.node.enumerated() {
      let inner = renaming.node(node)
      try expand(
        Call(node: inner, opsets: opsets, path: "\(call.path) / \(Self.path(index, node))"),
        depth: depth + 1, into: &result)
    }
  }
}

/// How the names and attributes of a function's body read at one call of it.
struct FunctionRenaming {
  var names: [String: String]
  var prefix: String
  var attributes: [String: WireAttribute]

  private func name(_ name: String) -> String {
    name.isEmpty ? "" : names[name] ?? prefix + name
  }

  func node(_ node: WireNode) -> WireNode {
    var node = node
    node.input = node.input.map(name)
    node.output = node.output.map(name)
    node.attribute = node.attribute.compactMap { attribute in
      var attribute = attribute
      if !attribute.refAttrName.isEmpty {
        guard var value = attributes[attribute.refAttrName] else { return nil }
        value.name = attribute.name
        return value
      }
      attribute.g = attribute.g.map(graph)
      return attribute
    }
    return node
  }

  private func graph(_ graph: WireGraph) -> WireGraph {
    var graph = graph
    graph.node = graph.node.map(node)
    for index in graph.initializer.indices {
      graph.initializer[index].name = name(graph.initializer[index].name)
    }
    for index in graph.input.indices { graph.input[index].name = name(graph.input[index].name) }
    for index in graph.output.indices { graph.output[index].name = name(graph.output[index].name) }
    return graph
  }
}

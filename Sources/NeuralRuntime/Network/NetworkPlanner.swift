import EngineSupport
import ONNXFormat
import TensorCore

/// Turns an ONNX model into a `NetworkPlan`: resolves names, checks operators and shapes, folds constants.
struct NetworkPlanner {
  /// What a value name stands for.
  enum Meaning {
    /// A constant as the file or an operator on constants gives it.
    case tensor(ONNXTensor)
    /// A real constant that was computed in both precisions.
    case folded(Int)
    case value(Int)
  }

  let model: ONNXModel
  let registry: OperatorRegistry
  var plan = NetworkPlan()
  var meanings: [String: Meaning] = [:]
  /// Labels and places by name, which are no real numbers and have no part in a plan.
  var labels: [String: Label] = [:]
  /// For what a step passed on, the value that it began as: kept on the way, because outputs ask for it one by one.
  var origins: [Int: Int] = [:]
  /// Names of sequences of maps, which only the graph's outputs may be.
  var maps: Set<String> = []
  /// The index in `plan.constants` of file constants that are in use.
  var operandConstants: [String: Int] = [:]
  var parameterCount = 0
  /// Nodes of branches that were planned in place of an If.
  var inlinedNodes = 0
  /// Values that hold whole steps of a quantisation, on which arithmetic would mean another thing.
  var stepValues: Set<Int> = []
  private var producers: [String: Int] = [:]
  private var activations = 0
  private var work = 0
  private var foldedElements = 0
  private var foldedWork = 0

  init(_ model: ONNXModel, registry: OperatorRegistry) {
    self.model = model
    self.registry = registry
  }

  func opset(of node: ONNXNode) -> Int { node.opset ?? model.opsets[node.domain] ?? 0 }

  /// A place for what concerns the graph as a whole.
  var graphLocation: SourceLocation {
    let document =
      model.graph.nodes.first?.location.document
      ?? model.graph.initializers.first?.location.document ?? "model"
    return SourceLocation(document: document, path: "graph")
  }

  /// Plans every node of the model.
  mutating func run(reportingTo diagnostics: inout Diagnostics) throws(Diagnostic) {
    try checkOperators(reportingTo: &diagnostics)
    try collectNames()
    try addInput(reportingTo: &diagnostics)
    for (index, node) in model.graph.nodes.enumerated() { try add(node, at: index) }
  }

  /// Refuses unknown operators before anything else: the first is thrown, the others are reported.
  private func checkOperators(reportingTo diagnostics: inout Diagnostics) throws(Diagnostic) {
    guard model.graph.nodes.count <= NetworkLimits.nodes else {
      throw Diagnostic(
        "onnx.graph.too-large", "more than \(NetworkLimits.nodes) nodes", at: graphLocation)
    }
    var first: Diagnostic?
    for node in model.graph.nodes {
      guard let refusal = registry.refusal(of: node, opset: opset(of: node)) else { continue }
      if first == nil { first = refusal } else { diagnostics.report(refusal) }
    }
    if let first { throw first }
  }

  private mutating func collectNames() throws(Diagnostic) {
    for tensor in model.graph.initializers {
      guard meanings.updateValue(.tensor(tensor), forKey: tensor.name) == nil else {
        throw duplicate(tensor.name, at: tensor.location)
      }
    }
    for (index, node) in model.graph.nodes.enumerated() {
      for name in node.outputs where !name.isEmpty {
        guard meanings[name] == nil, producers.updateValue(index, forKey: name) == nil else {
          throw duplicate(name, at: node.location)
        }
      }
    }
  }

  private func duplicate(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic("onnx.value.duplicate", "value \"\(name)\" is defined twice", at: location)
  }

  private mutating func addInput(reportingTo diagnostics: inout Diagnostics) throws(Diagnostic) {
    guard model.graph.inputs.count == 1, let input = model.graph.inputs.first else {
      let names = model.graph.inputs.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw Diagnostic(
        "onnx.graph.interface", "needs exactly one input, not [\(names)]", at: graphLocation)
    }
    let location = SourceLocation(
      document: graphLocation.document, path: "input \"\(input.name)\"")
    guard meanings[input.name] == nil, producers[input.name] == nil else {
      throw duplicate(input.name, at: location)
    }
    guard input.elementType == 1 || input.elementType == 11 else {
      throw Diagnostic(
        "onnx.type.unsupported",
        "input \"\(input.name)\" has ONNX element type \(input.elementType), not float or double",
        at: location)
    }
    guard let declared = input.shape else {
      throw Diagnostic(
        "onnx.shape.dynamic", "input \"\(input.name)\" does not say its shape", at: location)
    }
    var shape: [Int] = []
    for (axis, dimension) in declared.enumerated() {
      switch dimension {
      case .fixed(let size): shape.append(size)
      case .dynamic where axis == 0: shape.append(1)
      case .dynamic(let name):
        throw Diagnostic(
          "onnx.shape.dynamic",
          "dimension \(axis) (\(name ?? "unnamed")) of input \"\(input.name)\" is not fixed; "
            + "only the first may vary", at: location)
      }
    }
    // A first dimension that is fixed to more than one is part of the sample.
    plan.hasBatchAxis = shape.first == 1
    if let first = shape.first, first > 1 {
      diagnostics.report(
        Diagnostic(
          .note, "onnx.batch.fixed",
          "the first dimension of input \"\(input.name)\" is \(first): a sample is the whole input",
          at: location))
    }
    meanings[input.name] = .value(try newValue(input.name, shape, at: location))
  }

  /// Registers a value after checking its size against the limits.
  mutating func newValue(
    _ name: String, _ shape: [Int], at location: SourceLocation
  ) throws(Diagnostic) -> Int {
    activations += try elementCount(name, shape, at: location)
    guard activations <= NetworkLimits.activations else {
      throw tooLarge("the values of one sample hold too many elements", at: location)
    }
    plan.values.append(NetworkPlan.Value(name: name, shape: shape))
    return plan.values.count - 1
  }

  func elementCount(
    _ name: String, _ shape: [Int], at location: SourceLocation
  ) throws(Diagnostic) -> Int {
    guard let count = NetworkLimits.elementCount(shape) else {
      if shape.contains(where: { $0 < 1 }) {
        throw Diagnostic(
          "onnx.shape.mismatch", "\"\(name)\" has the shape \(shape): a dimension below 1",
          at: location)
      }
      throw tooLarge(
        "\"\(name)\" has the shape \(shape.prefix(NetworkLimits.rank + 1)): over "
          + "\(NetworkLimits.elements) elements or rank \(NetworkLimits.rank)", at: location)
    }
    return count
  }

  func tooLarge(_ message: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic("onnx.shape.too-large", message, at: location)
  }

  /// Counts a step's work against the limit of one sample, or of planning for a folded step.
  mutating func count(
    work steps: Int, elements: Int, isFolded: Bool, at location: SourceLocation
  ) throws(Diagnostic) {
    // Each addend is below 2⁵⁸ and the sums below 2³⁷ before, so these cannot overflow.
    if isFolded {
      foldedWork += steps
      foldedElements += elements
      guard foldedWork <= NetworkLimits.foldedWork,
        foldedElements <= NetworkLimits.foldedElements
      else { throw tooLarge("constants take too much work to compute", at: location) }
    } else {
      work += steps
      guard work <= NetworkLimits.work else {
        throw tooLarge("one sample takes over \(NetworkLimits.work) steps", at: location)
      }
    }
  }

  private func unplanned(_ node: ONNXNode, reading name: String, _ kind: String) -> Diagnostic {
    Diagnostic(
      "onnx.operator.data-dependent",
      "\(node.operation) reads \"\(name)\", \(kind): the model can be run, but not planned",
      at: node.location)
  }

  /// What `name` stands for when node `index` reads it.
  func meaning(
    of name: String, readBy node: ONNXNode, at index: Int
  ) throws(Diagnostic) -> Meaning {
    if maps.contains(name) { throw unplanned(node, reading: name, "a sequence of maps") }
    if let meaning = meanings[name] { return meaning }
    if labels[name] != nil { throw unplanned(node, reading: name, "a label or a place") }
    if let producer = producers[name] {
      let other = model.graph.nodes[producer]
      throw Diagnostic(
        "onnx.graph.order",
        "\(node.operation) reads \"\(name)\" before node \(producer) \"\(other.name)\" makes it: "
          + "the nodes are not sorted or form a cycle", at: node.location)
    }
    throw Diagnostic(
      "onnx.value.undefined", "\(node.operation) reads \"\(name)\", which nothing defines",
      at: node.location)
  }
}

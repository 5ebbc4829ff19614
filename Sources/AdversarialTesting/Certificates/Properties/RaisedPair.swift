import EngineSupport
import NeuralRuntime
import ONNXFormat

/// A model at two samples that differ in one element, in one graph whose input is the sample, flattened, and the
/// element's rise; its output is what the model's output changes by.
///
/// Where every operator on the way is linear or a rectifier the change itself is carried from layer to layer, so that
/// its sign is not lost in the width of the box. Elsewhere two copies of the model stand side by side.
struct RaisedPair {
  private let model: ONNXModel
  private let port: Network.Port
  private var graph: PrependedGraph
  /// The names of the two samples and of their difference, under the shape of the model's input.
  private let sample: String
  private let raised: String
  private let change: String

  /// Errors: `test.certificate.graph`.
  init(_ model: ONNXModel, _ network: Network, element: Int) throws(Diagnostic) {
    self.model = model
    port = network.input
    let width = port.shape.reduce(1, *)
    graph = PrependedGraph(model, parameters: width + 1)
    let flat = graph.node("Gather", [graph.input, graph.constant(Array(0..<width))], axis: 1)
    let rise = graph.node("Gather", [graph.input, graph.constant([width])], axis: 1)
    var unit = [Float](repeating: 0, count: width)
    unit[element] = 1
    let difference = graph.node("Mul", [rise, graph.constant(unit)])
    sample = try graph.shaped(flat, as: port)
    change = try graph.shaped(difference, as: port)
    raised = graph.node("Add", [sample, change])
  }

  /// Errors: `test.certificate.graph`.
  func difference() throws(Diagnostic) -> ONNXModel {
    let first = try model.graph.renamed(port.name, to: sample, prefix: nil)
    guard let output = first.outputs.first?.name else {
      throw Diagnostic("test.certificate.graph", "the model has no output")
    }
    var carrying = graph
    carrying.append(first)
    var changes = [sample: change]
    let isCarried = first.nodes.allSatisfy { node in
      carrying.carry(node, &changes)
    }
    if isCarried, let result = changes[output] { return carrying.model(output: result) }
    let prefix = model.graph.freePrefix("second")
    let second = try model.graph.renamed(port.name, to: raised, prefix: prefix)
    var pair = graph
    pair.append(first)
    pair.append(second)
    let result = pair.node("Sub", [second.outputs[0].name, output])
    return pair.model(output: result)
  }
}

extension PrependedGraph {
  /// Operators that are linear in their first input, the others being constants.
  private static let linear: Set<String> = [
    "AveragePool", "Flatten", "Gather", "GlobalAveragePool", "Identity", "Reshape", "Slice",
    "Squeeze",
    "Transpose", "Unsqueeze",
  ]

  /// Adds what carries the change of a node's inputs to its output; false where that is not known.
  fileprivate mutating func carry(_ node: ONNXNode, _ changes: inout [String: String]) -> Bool {
    let varying = node.inputs.map { changes[$0] }
    guard varying.contains(where: { $0 != nil }) else { return true }
    guard node.domain.isEmpty, node.outputs.count == 1 else { return false }
    guard let change = changeOfOutput(node, varying) else { return false }
    changes[node.outputs[0]] = change
    return true
  }

  private mutating func changeOfOutput(_ node: ONNXNode, _ varying: [String?]) -> String? {
    let isFirstAlone = varying[0] != nil && varying.dropFirst().allSatisfy { $0 == nil }
    switch node.operation {
    case "Relu": return varying[0].map { rectified(node.inputs[0], changing: $0) }
    case "Add", "Sub":
      guard varying.count == 2 else { return nil }
      guard let left = varying[0] ?? zeros(like: node.inputs[0]),
        let right = varying[1] ?? zeros(like: node.inputs[1])
      else { return nil }
      return repeated(node, inputs: [left, right])
    case "MatMul", "Mul":
      guard varying.count == 2, varying.count(where: { $0 != nil }) == 1 else { return nil }
      return repeated(node, inputs: zip(varying, node.inputs).map { $0 ?? $1 })
    case "Conv", "Gemm":
      // Without what is added, which does not change.
      guard isFirstAlone, let change = varying[0] else { return nil }
      return repeated(node, inputs: [change, node.inputs[1]])
    case "Div": break
    case let operation where Self.linear.contains(operation): break
    default: return nil
    }
    guard isFirstAlone, let change = varying[0] else { return nil }
    return repeated(node, inputs: [change] + node.inputs.dropFirst())
  }

  /// relu(a + d) - relu(a), written so that it lies between 0 and d for every a.
  ///
  /// With min(d, a + d) = d - relu(-a) it is relu(min(d, a + d)) - relu(min(-d, a)).
  private mutating func rectified(_ value: String, changing change: String) -> String {
    let zero = constant([Float(0)])
    func negative(_ name: String, _ graph: inout PrependedGraph) -> String {
      graph.node("Sub", [zero, name])
    }
    let below = node("Relu", [negative(value, &self)])
    let rise = node("Relu", [node("Sub", [change, below])])
    let moved = node("Add", [value, change])
    let short = node("Relu", [negative(moved, &self)])
    let fall = node("Relu", [node("Sub", [negative(change, &self), short])])
    return node("Sub", [rise, fall])
  }
}

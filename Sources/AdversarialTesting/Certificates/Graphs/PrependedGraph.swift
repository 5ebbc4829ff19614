import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore

/// Builds a graph whose input is a vector of numbers, from which new nodes compute what a model takes as its input.
struct PrependedGraph {
  private var model: ONNXModel
  private let prefix: String
  private let parameters: Int
  private var nodes: [ONNXNode] = []
  private var constants: [ONNXTensor] = []
  private var count = 0

  /// The operator set of the new nodes.
  private static let opset = 13

  init(_ model: ONNXModel, parameters: Int) {
    self.model = model
    self.parameters = parameters
    prefix = model.graph.freePrefix("certificate")
  }

  /// The vector: `[samples, parameters]`.
  var input: String { prefix + "input" }

  private mutating func name() -> String {
    count += 1
    return "\(prefix)\(count)"
  }

  private func location(_ name: String) -> SourceLocation {
    SourceLocation(document: "certificate", path: name)
  }

  /// Adds an operator of the default domain; the result is the name of its output.
  mutating func node(_ operation: String, _ inputs: [String], axis: Int? = nil) -> String {
    let output = name()
    var node = ONNXNode(
      name: output, operation: operation, domain: "", inputs: inputs, outputs: [output],
      attributes: axis.map { ["axis": .int($0)] } ?? [:], location: location(output))
    node.opset = Self.opset
    nodes.append(node)
    return output
  }

  mutating func constant(_ values: [Float]) -> String {
    add(Tensor(shape: [values.count], elements: values))
  }

  mutating func constant(_ values: [Int]) -> String {
    add(Tensor(shape: [values.count], elements: values.map { Int64($0) }))
  }

  private mutating func add(_ values: any AnyTensor) -> String {
    let name = name()
    constants.append(ONNXTensor(name: name, values: values, location: location(name)))
    return name
  }

  /// A layer over the vector.
  ///
  /// - Parameter matrix: `[parameters, width]`, row-major.
  mutating func affine(_ matrix: [Double], offsets: [Double]?) -> String {
    let width = matrix.count / parameters
    let weights = add(
      Tensor(shape: [parameters, width], elements: matrix.map { Float($0) }))
    let sums = offsets ?? Array(repeating: 0, count: width)
    return node("Gemm", [input, weights, constant(sums.map { Float($0) })])
  }

  /// A value `[samples, elements]` under the shape of a model's input.
  mutating func shaped(_ value: String, as port: Network.Port) throws(Diagnostic) -> String {
    guard let declared = model.graph.inputs.first(where: { $0.name == port.name }) else {
      throw Diagnostic("test.certificate.graph", "the model has no input \"\(port.name)\"")
    }
    // A network drops the axis that counts samples.
    let hasBatchAxis = declared.shape.map { $0.count > port.shape.count } ?? true
    return node(
      "Reshape", [value, constant((hasBatchAxis ? [-1] : []) + port.shape)])
  }

  /// Adds a graph's nodes behind those that are there; its constants are the model's.
  mutating func append(_ graph: ONNXGraph) { nodes += graph.nodes }

  /// Adds a node of the model again, with other inputs; the result is the name of its first output.
  mutating func repeated(_ original: ONNXNode, inputs: [String]) -> String {
    var node = original
    node.name = name()
    node.inputs = inputs
    node.outputs = [node.name]
    nodes.append(node)
    return node.name
  }

  /// A constant of zeros in the shape of one of the model's; nil where there is no such constant.
  mutating func zeros(like constant: String) -> String? {
    guard let tensor = model.graph.initializers.first(where: { $0.name == constant }) else {
      return nil
    }
    return add(Tensor<Float>(repeating: 0, shape: tensor.shape))
  }

  /// The model with this value in the place of its input.
  ///
  /// Errors: `test.certificate.graph`.
  mutating func model(
    _ value: String, asInput port: Network.Port
  ) throws(Diagnostic) -> ONNXModel {
    let shaped = try shaped(value, as: port)
    let graph = try model.graph.renamed(port.name, to: shaped, prefix: nil)
    append(graph)
    return model(outputs: graph.outputs)
  }

  /// What was built, with one of its values as the output.
  func model(output: String) -> ONNXModel {
    model(outputs: [ONNXValue(name: output, elementType: 1, shape: nil)])
  }

  private func model(outputs: [ONNXValue]) -> ONNXModel {
    var result = model
    result.graph.nodes = nodes
    result.graph.initializers += constants
    result.graph.inputs = [
      ONNXValue(name: input, elementType: 1, shape: [.dynamic("N"), .fixed(parameters)])
    ]
    result.graph.outputs = outputs
    return result
  }
}

extension ONNXGraph {
  /// A prefix that no name of the graph has.
  func freePrefix(_ wanted: String) -> String {
    let names =
      nodes.flatMap { $0.inputs + $0.outputs } + initializers.map(\.name) + inputs.map(\.name)
    var prefix = wanted + "/"
    while names.contains(where: { $0.hasPrefix(prefix) }) { prefix += "/" }
    return prefix
  }

  /// The graph with another value in the place of its input.
  ///
  /// - Parameter prefix: Put before the names of all values that nodes make; nil leaves them.
  /// Errors: `test.certificate.graph` for a graph with graphs inside, whose names mean values outside.
  func renamed(
    _ input: String, to value: String, prefix: String?
  ) throws(Diagnostic) -> ONNXGraph {
    if let node = nodes.first(where: { !$0.subgraphs.isEmpty }) {
      throw Diagnostic(
        "test.certificate.graph",
        "\(node.operation) holds a graph of its own, which this certificate cannot look into",
        at: node.location)
    }
    let made = Set(nodes.flatMap(\.outputs)).subtracting([""])
    func name(_ old: String) -> String {
      if old == input { return value }
      guard let prefix, made.contains(old) else { return old }
      return prefix + old
    }
    var result = self
    for index in nodes.indices {
      result.nodes[index].inputs = nodes[index].inputs.map(name)
      result.nodes[index].outputs = nodes[index].outputs.map(name)
    }
    result.outputs = outputs.map { output in
      var output = output
      output.name = name(output.name)
      return output
    }
    return result
  }
}

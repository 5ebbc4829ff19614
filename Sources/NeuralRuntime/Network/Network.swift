public import EngineSupport
public import ONNXFormat
public import TensorCore

/// A planned neural network: an immutable value that computes outputs and input gradients, with the same
/// bits at any batch size, on any processor, from any thread.
///
/// The network has one input and one designated output, the first of the graph. If the input's first
/// dimension is 1 or not fixed it counts samples; otherwise a sample is the whole input. Everywhere in
/// this interface shapes of ports are those of one sample, without the batch, and tensors put the batch first.
public struct Network: Sendable {
  /// A named input or output with the shape of one sample, without the batch.
  public struct Port: Hashable, Sendable {
    public var name: String
    public var shape: [Int]
  }

  /// The one input.
  public let input: Port
  /// The designated output.
  public let output: Port
  /// Every output of the graph, in the file's order.
  public let outputs: [Port]
  /// Elements of the floating-point constants that the operators use.
  public let parameterCount: Int
  /// Nodes of the file by operator; sort the keys before they reach any output.
  public let operatorHistogram: [String: Int]
  /// Which instantiation of the kernels runs; the bits are the same.
  package var kernelPath = KernelPath.fastest

  /// As the file says it: nothing is folded here.
  let plan: NetworkPlan
  let programs = ProgramCache()
  let steps: [NetworkPlan.Step]
  /// Whether samples run together in blocks: none depends on another.
  package let isRowwise: Bool
  /// The first step that cannot be differentiated; nil if `gradient(at:cotangent:)` will work.
  let firstWithoutDerivative: NetworkPlan.Step?
  /// How many samples run together: enough to share the weights, few enough to stay in the cache.
  package let blockRows: Int

  /// Plans a model.
  ///
  /// Warnings and notes are reported. Errors: the first is thrown, further unsupported operators are
  /// reported: `onnx.operator.unsupported`, `onnx.attribute.invalid`, `onnx.type.unsupported`,
  /// `onnx.shape.mismatch`, `onnx.shape.dynamic`, `onnx.shape.too-large`, `onnx.value.undefined`,
  /// `onnx.value.duplicate`, `onnx.graph.order`, `onnx.graph.interface`, `onnx.graph.too-large`.
  ///
  /// - Parameter path: Which instantiation of the kernels runs; the bits are the same.
  public init(
    planning model: ONNXModel, reportingTo diagnostics: inout Diagnostics,
    by path: KernelPath = .fastest
  ) throws(Diagnostic) {
    try self.init(planning: model, with: .standard, reportingTo: &diagnostics)
    kernelPath = path
  }

  package init(
    planning model: ONNXModel, with registry: OperatorRegistry,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var planner = NetworkPlanner(model, registry: registry)
    try planner.run(reportingTo: &diagnostics)
    let outputs = try planner.outputs(reportingTo: &diagnostics)
    var histogram: [String: Int] = [:]
    for node in model.graph.nodes { histogram[node.operation, default: 0] += 1 }
    self.init(
      planner.plan.selecting(outputs[0]), all: outputs, parameterCount: planner.parameterCount,
      histogram: histogram)
  }

  private init(
    _ plan: NetworkPlan, all outputs: [Int], parameterCount: Int, histogram: [String: Int]
  ) {
    self.plan = plan
    let rowwise = plan.rowwiseSteps
    steps = rowwise ?? plan.steps
    isRowwise = rowwise != nil
    self.parameterCount = parameterCount
    operatorHistogram = histogram
    func port(_ index: Int) -> Port {
      let value = plan.values[index]
      let dropsBatch = plan.hasBatchAxis && value.shape.first == 1
      return Port(name: value.name, shape: Array(value.shape.dropFirst(dropsBatch ? 1 : 0)))
    }
    input = port(plan.input)
    output = port(plan.output)
    self.outputs = outputs.map(port)
    let activations = plan.values.reduce(0) { $0 + $1.shape.reduce(1, *) }
    blockRows = isRowwise ? max(1, min(64, (1 << 17) / max(activations, 1))) : 1
    firstWithoutDerivative = steps.first { !($0.operation is any DifferentiableOperator) }
  }

  /// Multiply-adds of matrix products and convolutions for one sample of the designated output.
  public var multiplyAddsPerSample: Int { plan.steps.reduce(0) { $0 + $1.multiplyAdds } }

  /// Whether the designated output is a Softmax, whose saturation hides gradients from an attack.
  public var endsInSoftmax: Bool { plan.valueBeforeFinalSoftmax != nil }

  /// The network that ends before its final Softmax (its output is the logits); itself if there is none.
  public var withoutFinalSoftmax: Network {
    guard let logits = plan.valueBeforeFinalSoftmax else { return self }
    var network = Network(
      plan.selecting(logits), all: [logits], parameterCount: parameterCount,
      histogram: operatorHistogram)
    network.kernelPath = kernelPath
    return network
  }

  /// Whether every operator on the way to the designated output can be differentiated.
  public var isDifferentiable: Bool { firstWithoutDerivative == nil }
}

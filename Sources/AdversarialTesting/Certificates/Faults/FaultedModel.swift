import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore

/// A model with a fault in front of it: its input is the fault's parameters, and the readings are computed from them
/// by layers of the graph, so that every bound on the model is a bound over faults.
///
/// What is proved of these layers holds for the fault with real coefficients whose readings are rounded once: linear
/// bounds allow each sum of k products the error γₖ₊₁ of its evaluation in `Float`, which covers the rounding of the
/// coefficients and of the reading.
struct FaultedModel: Sendable {
  /// The delay lies between this many whole periods and one more; its parameter here is what is above them.
  let lag: Int
  let network: Network
  let propagation: LinearPropagation
  /// The box of the fault's parameters, as the network takes them.
  let lower: [Double]
  let upper: [Double]

  /// Errors: `test.certificate.graph`, `test.limits.scaling`, those of planning, `onnx.operator.not-bounded`, `network.bounds.too-large`.
  init(_ model: ONNXModel, _ original: Network, _ window: FaultedWindow, lag: Int)
    throws(Diagnostic)
  {
    self.lag = lag
    let delay = window.fault.place(of: .delay)
    (lower, upper) = window.fault.parameters.enumerated().reduce(into: ([], [])) { ends, entry in
      let isDelay = entry.offset == delay
      ends.0.append(isDelay ? 0 : entry.element.least)
      ends.1.append(isDelay ? min(1, entry.element.most - Double(lag)) : entry.element.most)
    }
    var graph = PrependedGraph(model, parameters: window.fault.parameters.count)
    let layers = FaultLayers(window, lag: lag)
    guard layers.fitsFloat else {
      throw Diagnostic(
        "test.limits.scaling", "the fault's coefficients do not fit the tensor's numbers")
    }
    var readings: String
    if delay != nil, window.fault.place(of: .gain) != nil {
      let late = graph.affine(layers.late, offsets: layers.base)
      let gain = graph.affine(layers.gain, offsets: nil)
      let product = graph.node("Mul", [late, gain])
      let shift = graph.affine(layers.shift, offsets: nil)
      readings = graph.node("Add", [graph.node("Add", [late, product]), shift])
    } else {
      readings = graph.affine(layers.sum, offsets: layers.base)
    }
    if layers.leavesRange(over: lower, upper) {
      // max(x, low) = low + relu(x - low) and min(x, high) = high - relu(high - x).
      let ranges = window.layout.places.indices.map { window.range($0) }
      let (low, high) = (graph.constant(ranges.map(\.low)), graph.constant(ranges.map(\.high)))
      readings = graph.node(
        "Add", [graph.node("Relu", [graph.node("Sub", [readings, low])]), low])
      readings = graph.node(
        "Sub", [high, graph.node("Relu", [graph.node("Sub", [high, readings])])])
    }
    var diagnostics = Diagnostics()
    let faulted = try graph.model(readings, asInput: original.input)
    network = try Network(planning: faulted, reportingTo: &diagnostics).withoutFinalSoftmax
    propagation = try LinearPropagation(network)
  }

  /// The fault's parameters in their own units.
  func values(_ parameters: [Double], of fault: ParametricFault) -> [Double] {
    var values = parameters
    if let place = fault.place(of: .delay) { values[place] += Double(lag) }
    return values
  }
}

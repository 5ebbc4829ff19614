public import EngineSupport
public import TensorCore

/// Bounds by linear relaxation of the whole network.
extension Network {
  /// The range of the designated output over a box of one sample: lines below and above each activation, pulled
  /// back to the input (CROWN), together with interval propagation. At least as tight as `bounds(over:)`.
  ///
  /// The range holds for the file's `Float` evaluation, operator by operator, with sums in any order, and for
  /// exact arithmetic.
  ///
  /// - Parameter box: `[1] + input.shape`, with finite ends.
  /// - Returns: `[1] + output.shape`.
  /// Errors: `network.input.shape`, `onnx.operator.not-bounded`.
  public func linearBounds(over box: IntervalTensor) throws(Diagnostic) -> IntervalTensor {
    let propagation = try LinearPropagation(self)
    guard box.shape == [1] + input.shape else {
      throw Diagnostic(
        "network.input.shape",
        "input \"\(input.name)\" needs the shape \([1] + input.shape), not \(box.shape)")
    }
    let state = propagation.relaxed(
      over: BoxBatch(lower: box.lower.elements, upper: box.upper.elements, count: 1))
    let lines = propagation.outputBounds(in: state)
    // The operators' own interval forms can be a rounding tighter than the passes over matrices.
    let intervals = try bounds(over: box)
    return IntervalTensor(
      lower: Tensor(
        shape: [1] + output.shape,
        elements: zip(lines.lower, intervals.lower.elements).map { max($0, $1) }),
      upper: Tensor(
        shape: [1] + output.shape,
        elements: zip(lines.upper, intervals.upper.elements).map { min($0, $1) }))
  }
}

extension LinearPropagation {
  /// The range of each element of the output over each box: by lines, and by intervals where those are tighter.
  package func outputBounds(in state: RelaxedBatch) -> (lower: [Double], upper: [Double]) {
    var selection = RowSelection()
    for box in 0..<state.count {
      for element in 0..<outputWidth {
        selection.append(box: box, element: element, sign: 1)
        selection.append(box: box, element: element, sign: -1)
      }
    }
    let bounds = lowerBounds(of: selection, at: output, in: state).bounds
    var lower: [Double] = []
    var upper: [Double] = []
    for row in stride(from: 0, to: bounds.count, by: 2) {
      let range = state.ranges[output]
      lower.append(max(bounds[row], range?.lower.elements[row / 2] ?? -.infinity))
      upper.append(min(-bounds[row + 1], range?.upper.elements[row / 2] ?? .infinity))
    }
    return (lower, upper)
  }
}

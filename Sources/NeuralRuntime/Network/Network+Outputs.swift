public import EngineSupport
public import TensorCore

/// The forward pass.
extension Network {
  /// The designated output for a batch of samples.
  ///
  /// - Parameter input: `[batch] + input.shape`.
  /// - Returns: `[batch] + output.shape`; each row has the bits it would have alone.
  /// Errors: `network.input.shape` for another shape.
  public func outputs<S: KernelScalar>(
    for input: Tensor<S>
  ) throws(Diagnostic) -> Tensor<S> {
    let count = try batch(of: input)
    var rows = [S](repeating: 0, count: count * output.shape.reduce(1, *))
    var runner = runner(S.self, batch: count)
    try runner.forward(input.elements, into: &rows)
    return Tensor(shape: [count] + output.shape, elements: rows)
  }

  /// The samples in a batch.
  func batch<S: KernelScalar>(of input: Tensor<S>) throws(Diagnostic) -> Int {
    guard input.rank > 0, Array(input.shape.dropFirst()) == self.input.shape else {
      throw Diagnostic(
        "network.input.shape",
        "input \"\(self.input.name)\" needs the shape [batch] + \(self.input.shape), "
          + "not \(input.shape)")
    }
    return input.shape[0]
  }
}

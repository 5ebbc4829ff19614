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
    var outputs = [S](repeating: 0, count: count * output.shape.reduce(1, *))
    let kernels = KernelTable(S.self, kernelPath)
    let entry = entry(for: kernels, isRecording: false)
    let workspace = entry.workspace(rows: max(1, min(count, blockRows)), S.self, kernelPath)
    unsafe input.elements.withUnsafeBytes { source in
      unsafe outputs.withUnsafeMutableBytes { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        workspace.use { unsafe $0.forward(count: count, from: source, into: target) }
      }
    }
    entry.idle.give(workspace)
    return Tensor(shape: [count] + output.shape, elements: outputs)
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

public import EngineSupport
public import TensorCore

/// Reverse-mode differentiation to the input.
///
/// Source: Griewank, Walther, "Evaluating Derivatives", 2nd ed., SIAM 2008, chapter 3.
extension Network {
  /// The designated output and the gradient of ⟨cotangent, output⟩ with respect to the input, for a batch.
  ///
  /// - Parameters:
  ///   - input: `[batch] + input.shape`.
  ///   - cotangent: Called once with the outputs `[batch] + output.shape`; gives a tensor of that shape.
  /// - Returns: Outputs as from `outputs(for:)`, and the gradient in the input's shape; each row has the
  ///   bits it would have alone. Contributions to one value are added from the last operator to the first.
  /// Errors: `network.input.shape` for another shape, `onnx.operator.not-differentiable`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func gradient<S: KernelScalar>(
    at input: Tensor<S>, cotangent: (Tensor<S>) -> Tensor<S>
  ) throws(Diagnostic) -> (outputs: Tensor<S>, gradient: Tensor<S>) {
    try checkDifferentiable()
    let count = try batch(of: input)
    let stride = MemoryLayout<S>.stride
    let kernels = KernelTable(S.self, kernelPath)
    let entry = entry(for: kernels, isRecording: true)
    let (inputSize, outputSize) = (
      self.input.shape.reduce(1, *) * stride, output.shape.reduce(1, *) * stride
    )
    // Every block keeps what it recorded, because the cotangent may depend on all outputs.
    let blocks = Swift.stride(from: 0, to: count, by: blockRows).map { start in
      let rows = min(blockRows, count - start)
      return (start: start, rows: rows, workspace: entry.workspace(rows: rows, S.self, kernelPath))
    }
    var outputs = [S](repeating: 0, count: count * outputSize / stride)
    unsafe input.elements.withUnsafeBytes { source in
      unsafe outputs.withUnsafeMutableBytes { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for block in blocks {
          block.workspace.use {
            unsafe $0.forward(
              count: block.rows, from: source + block.start * inputSize,
              into: target + block.start * outputSize)
          }
        }
      }
    }
    let result = Tensor(shape: [count] + output.shape, elements: outputs)
    let cotangents = cotangent(result)
    precondition(cotangents.shape == result.shape, "a cotangent has the shape of the outputs")
    var gradient = [S](repeating: 0, count: input.count)
    unsafe cotangents.elements.withUnsafeBytes { source in
      unsafe gradient.withUnsafeMutableBytes { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for block in blocks {
          block.workspace.use {
            unsafe $0.backward(
              rows: block.rows, from: source + block.start * outputSize,
              into: target + block.start * inputSize)
          }
        }
      }
    }
    for block in blocks { entry.idle.give(block.workspace) }
    return (result, Tensor(shape: input.shape, elements: gradient))
  }
}

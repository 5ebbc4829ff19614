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
    let blocks = try blocks(of: input)
    var rows: [S] = []
    rows.reserveCapacity(input.shape[0] * output.shape.reduce(1, *))
    for block in blocks {
      rows.append(contentsOf: run(block, isRecording: false).output.elements)
    }
    return Tensor(shape: [input.shape[0]] + output.shape, elements: rows)
  }

  /// Cuts a batch into the blocks that run together, in the shape the first step expects.
  func blocks<S: KernelScalar>(of input: Tensor<S>) throws(Diagnostic) -> [Tensor<S>] {
    guard input.rank > 0, Array(input.shape.dropFirst()) == self.input.shape else {
      throw Diagnostic(
        "network.input.shape",
        "input \"\(self.input.name)\" needs the shape [batch] + \(self.input.shape), "
          + "not \(input.shape)")
    }
    let count = input.shape[0]
    return stride(from: 0, to: count, by: blockRows).map { start in
      let rows = input.rows(start..<min(start + blockRows, count))
      return plan.hasBatchAxis ? rows : rows.reshaped(to: self.input.shape)
    }
  }

  /// What one block leaves behind: its output and, if asked for, every value on the way.
  struct Run<S: KernelScalar> {
    var output: Tensor<S>
    var values: [Tensor<S>?]
  }

  func run<S: KernelScalar>(_ block: Tensor<S>, isRecording: Bool) -> Run<S> {
    var values = [Tensor<S>?](repeating: nil, count: plan.values.count)
    values[plan.input] = block
    let lastUses = isRecording ? [:] : NetworkPlan.lastUses(of: steps)
    for (position, step) in steps.enumerated() {
      let operands = operands(of: step, values)
      let results = step.operation.forward(operands, by: kernelPath)
      for case .value(let index) in step.operands where index != plan.output {
        if lastUses[index] == position { values[index] = nil }
      }
      for (index, result) in zip(step.results, results) { values[index] = result }
    }
    guard let output = values[plan.output] else {
      preconditionFailure("a planned network computes its output")
    }
    return Run(output: output, values: values)
  }

  func operands<S: KernelScalar>(
    of step: NetworkPlan.Step, _ values: [Tensor<S>?]
  ) -> [Tensor<S>] {
    step.operands.map { source in
      switch source {
      case .constant(let index): return S.values(of: plan.constants[index])
      case .value(let index):
        guard let value = values[index] else {
          preconditionFailure("a planned network computes values before they are read")
        }
        return value
      }
    }
  }
}

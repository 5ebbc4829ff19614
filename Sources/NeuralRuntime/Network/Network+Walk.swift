package import EngineSupport
package import TensorCore

/// The plan operator by operator, as the file says it: nothing folded, nothing fused. The lowered programs are
/// tested against it, and gradients with respect to the file's own constants come from it.
extension Network {
  /// The designated output as `ModelEvaluator` computes it, with the same bits.
  package func literalOutputs<S: KernelScalar>(
    for input: Tensor<S>
  ) throws(Diagnostic) -> Tensor<S> {
    let rows = try blocks(of: input).flatMap { walk($0, isRecording: false).output.elements }
    return Tensor(shape: [input.shape[0]] + output.shape, elements: rows)
  }

  /// Cuts a batch into the blocks that run together, in the shape the first step expects.
  func blocks<S: KernelScalar>(of input: Tensor<S>) throws(Diagnostic) -> [Tensor<S>] {
    let count = try batch(of: input)
    let together = isRowwise ? blockRows : 1
    return stride(from: 0, to: count, by: together).map { start in
      let rows = input.rows(start..<min(start + together, count))
      return plan.hasBatchAxis ? rows : rows.reshaped(to: self.input.shape)
    }
  }

  /// What one block leaves behind: its output and, if asked for, every value on the way.
  struct Walk<S: KernelScalar> {
    var output: Tensor<S>
    var values: [Tensor<S>?]
  }

  func walk<S: KernelScalar>(_ block: Tensor<S>, isRecording: Bool) -> Walk<S> {
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
    return Walk(output: output, values: values)
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

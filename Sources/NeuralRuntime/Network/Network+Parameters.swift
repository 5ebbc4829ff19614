public import EngineSupport
public import TensorCore

/// Reverse-mode differentiation to the parameters, for probes that ask what training would have done.
extension Network {
  /// The designated output and the gradient of ⟨cotangent, output⟩ with respect to the file's constants.
  ///
  /// Computed operator by operator, without folding: the outputs are those of `ModelEvaluator`. Each gradient
  /// is summed over the samples in ascending order, in blocks whose size follows from the network alone, and
  /// the sums of blocks are added in order.
  ///
  /// - Parameters:
  ///   - input: `[batch] + input.shape`.
  ///   - cotangent: Called once with the outputs `[batch] + output.shape`; gives a tensor of that shape.
  /// - Returns: Gradients by the name of the initializer, for real ones that an operator reads as an operand;
  ///   a constant that is computed from others when the network is planned has none.
  /// Errors: `network.input.shape` for another shape, `onnx.operator.not-differentiable`.
  public func parameterGradients<S: KernelScalar>(
    at input: Tensor<S>, cotangent: (Tensor<S>) -> Tensor<S>
  ) throws(Diagnostic) -> (outputs: Tensor<S>, gradients: [String: Tensor<S>]) {
    try checkDifferentiable()
    let walks = try blocks(of: input).map { walk($0, isRecording: true) }
    let outputs = Tensor(
      shape: [input.shape[0]] + output.shape, elements: walks.flatMap(\.output.elements))
    let cotangents = cotangent(outputs)
    precondition(cotangents.shape == outputs.shape, "a cotangent has the shape of the outputs")
    var sums = [Tensor<S>?](repeating: nil, count: plan.constants.count)
    var row = 0
    for walk in walks {
      let count = isRowwise ? walk.output.shape[0] : 1
      let part = cotangents.rows(row..<row + count).reshaped(to: walk.output.shape)
      for (constant, gradient) in pullBack(part, through: walk).enumerated() {
        guard let gradient else { continue }
        sums[constant] = sums[constant].map { sum($0, gradient) } ?? gradient
      }
      row += count
    }
    var named: [String: Tensor<S>] = [:]
    for (constant, name) in plan.parameterNames {
      named[name] =
        sums[constant] ?? Tensor(repeating: 0, shape: plan.constants[constant].shape)
    }
    return (outputs, named)
  }

  /// The gradients of one block with respect to the plan's constants; nil for those the output does not need.
  private func pullBack<S: KernelScalar>(
    _ cotangent: Tensor<S>, through walk: Walk<S>
  ) -> [Tensor<S>?] {
    var gradients = [Tensor<S>?](repeating: nil, count: plan.values.count)
    var constants = [Tensor<S>?](repeating: nil, count: plan.constants.count)
    gradients[plan.output] = cotangent
    for step in steps.reversed() {
      let results = step.results.map { gradients[$0] }
      guard let operation = step.operation as? any DifferentiableOperator,
        results.contains(where: { $0 != nil })
      else { continue }
      let outputs = step.results.compactMap { walk.values[$0] }
      let cotangents = zip(results, outputs).map { gradient, output in
        gradient ?? Tensor(repeating: 0, shape: output.shape)
      }
      let needs = step.operands.map { source in
        switch source {
        case .value: true
        case .constant(let index): plan.parameterNames[index] != nil
        }
      }
      let record = OperatorRecord(
        operands: operands(of: step, walk.values), outputs: outputs, needsGradient: needs)
      for (source, contribution) in zip(
        step.operands, operation.vjp(cotangents, at: record, by: kernelPath))
      {
        guard let contribution else { continue }
        switch source {
        case .value(let index):
          gradients[index] = gradients[index].map { sum($0, contribution) } ?? contribution
        case .constant(let index):
          constants[index] = constants[index].map { sum($0, contribution) } ?? contribution
        }
      }
      // Nothing before this step reads what it made. The output may be the input itself.
      for index in step.results { gradients[index] = nil }
    }
    return constants
  }
}

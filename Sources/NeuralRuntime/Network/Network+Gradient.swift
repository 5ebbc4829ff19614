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
  public func gradient<S: KernelScalar>(
    at input: Tensor<S>, cotangent: (Tensor<S>) -> Tensor<S>
  ) throws(Diagnostic) -> (outputs: Tensor<S>, gradient: Tensor<S>) {
    if let step = firstWithoutDerivative {
      throw Diagnostic(
        "onnx.operator.not-differentiable", "\(step.name) has no derivative", at: step.location)
    }
    let runs = try blocks(of: input).map { run($0, isRecording: true) }
    let outputs = Tensor(
      shape: [input.shape[0]] + output.shape, elements: runs.flatMap(\.output.elements))
    let cotangents = cotangent(outputs)
    precondition(cotangents.shape == outputs.shape, "a cotangent has the shape of the outputs")
    var gradient: [S] = []
    gradient.reserveCapacity(input.count)
    var row = 0
    for run in runs {
      let count = isRowwise ? run.output.shape[0] : 1
      let part = cotangents.rows(row..<row + count).reshaped(to: run.output.shape)
      gradient.append(contentsOf: pullBack(part, through: run))
      row += count
    }
    return (outputs, Tensor(shape: input.shape, elements: gradient))
  }

  /// The gradient of one block, flat in the order of its input.
  private func pullBack<S: KernelScalar>(_ cotangent: Tensor<S>, through run: Run<S>) -> [S] {
    var gradients = [Tensor<S>?](repeating: nil, count: plan.values.count)
    gradients[plan.output] = cotangent
    for step in steps.reversed() {
      let results = step.results.map { gradients[$0] }
      guard let operation = step.operation as? any DifferentiableOperator,
        results.contains(where: { $0 != nil })
      else { continue }
      let outputs = step.results.compactMap { run.values[$0] }
      let cotangents = zip(results, outputs).map { gradient, output in
        gradient ?? Tensor(repeating: 0, shape: output.shape)
      }
      let needs = step.operands.map { if case .value = $0 { true } else { false } }
      let record = OperatorRecord(
        operands: operands(of: step, run.values), outputs: outputs, needsGradient: needs)
      let contributions = operation.vjp(cotangents, at: record, by: kernelPath)
      for (source, contribution) in zip(step.operands, contributions) {
        guard case .value(let index) = source, let contribution else { continue }
        gradients[index] = gradients[index].map { sum($0, contribution) } ?? contribution
      }
      // Nothing before this step reads what it made. The output may be the input itself.
      for index in step.results { gradients[index] = nil }
    }
    return gradients[plan.input]?.elements
      ?? Array(repeating: 0, count: run.values[plan.input]?.count ?? 0)
  }
}

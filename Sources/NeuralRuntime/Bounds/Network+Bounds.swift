public import EngineSupport
public import TensorCore

/// Interval propagation: a range for each output that holds for every input in a box.
///
/// Source: Gowal et al., "Scalable verified training for provably robust image classification", ICCV 2019,
/// with outward rounding: the ranges hold for a `Float` engine that adds in any order.
extension Network {
  /// The range of the designated output over a box of one sample.
  ///
  /// - Parameter box: `[1] + input.shape`.
  /// - Returns: `[1] + output.shape`.
  /// Errors: `network.input.shape`, `onnx.operator.not-bounded`.
  public func bounds(over box: IntervalTensor) throws(Diagnostic) -> IntervalTensor {
    if let step = firstWithoutInterval {
      throw Diagnostic(
        "onnx.operator.not-bounded", "\(step.name) has no interval form", at: step.location)
    }
    guard box.shape == [1] + input.shape else {
      throw Diagnostic(
        "network.input.shape",
        "input \"\(input.name)\" needs the shape \([1] + input.shape), not \(box.shape)")
    }
    let constants = plan.constants.map(\.range)
    let folded = plan.foldedRoundings
    var values = [IntervalTensor?](repeating: nil, count: plan.values.count)
    values[plan.input] = plan.hasBatchAxis ? box : box.reshaped(to: input.shape)
    for step in plan.steps {
      guard let operation = step.operation as? any IntervalOperator else { continue }
      let operands = step.operands.map { source -> IntervalTensor in
        switch source {
        case .constant(let index): return constants[index]
        case .value(let index):
          guard let value = values[index] else {
            preconditionFailure("a planned network computes values before they are read")
          }
          return value
        }
      }
      for (index, result) in zip(step.results, operation.interval(operands)) {
        values[index] = result
      }
      if let roundings = folded[step.results[0]], let affine = operation as? any AffineOperator {
        values[step.results[0]] = values[step.results[0]]?.widened(
          terms: roundings, magnitudes: affine.magnitudes(operands)[0])
      }
    }
    guard let result = values[plan.output] else {
      preconditionFailure("a planned network computes its output")
    }
    return result.reshaped(to: [1] + output.shape)
  }

  /// The first step that cannot be bounded; nil if `bounds(over:)` will work.
  var firstWithoutInterval: NetworkPlan.Step? {
    plan.steps.first { !($0.operation is any IntervalOperator) }
  }

  /// Whether every operator on the way to the designated output has an interval form.
  public var isBounded: Bool { firstWithoutInterval == nil }
}

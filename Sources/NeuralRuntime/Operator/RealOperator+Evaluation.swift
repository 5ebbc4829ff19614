package import EngineSupport
import TensorCore

/// Running an operator on floating-point tensors of whatever precision the model holds: `Float` and
/// `Double` as they are, narrower types in `Float` and rounded once.
extension RealOperator {
  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    try evaluateReals(operands, within: &budget)
  }

  /// For families that compute other types too and leave the floating-point ones to this.
  func evaluateReals(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    if let floats = tensors as? [Tensor<Float>] {
      return try claimed(floats, within: &budget).map { .tensor($0) }
    }
    if let doubles = tensors as? [Tensor<Double>] {
      return try claimed(doubles, within: &budget).map { .tensor($0) }
    }
    guard let first = tensors.first as? any RealTensor,
      tensors.allSatisfy({ $0.elementType == first.elementType })
    else { throw node.wrongTypes(tensors) }
    let wide = tensors.compactMap { ($0 as? any RealTensor)?.converted(to: Float.self) }
    return try claimed(wide, within: &budget).map { .tensor(rounded($0, as: first)) }
  }

  private func claimed<S: KernelScalar>(
    _ tensors: [Tensor<S>], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [Tensor<S>] {
    let shapes = tensors.map(\.shape)
    let outputs = try outputShapes(for: shapes)
    for shape in outputs { try budget.claim(shape, for: node) }
    try budget.spend(work(for: shapes, outputs: outputs), for: node)
    return forward(tensors, by: budget.path)
  }
}

/// A `Float` result in the precision of an operand.
private func rounded<T: RealTensor>(_ result: Tensor<Float>, as _: T) -> any AnyTensor {
  result.converted(to: T.Element.self)
}

extension OperatorNode {
  /// Operands that must all be there and be tensors.
  func tensors(_ operands: [RuntimeValue?]) throws(Diagnostic) -> [any AnyTensor] {
    var tensors: [any AnyTensor] = []
    for (index, operand) in operands.enumerated() { tensors.append(try tensor(operand, index)) }
    return tensors
  }

  /// One operand that must be a tensor.
  func tensor(_ operand: RuntimeValue?, _ index: Int) throws(Diagnostic) -> any AnyTensor {
    guard let operand else { throw mismatch("input \(index) is left out") }
    guard let tensor = operand.tensor else { throw wrongType("input \(index) is no tensor") }
    return tensor
  }

  /// The operand at `index` as a tensor, or nil where it is left out.
  func optional(
    _ operands: [RuntimeValue?], _ index: Int
  ) throws(Diagnostic) -> (any AnyTensor)? {
    guard index < operands.count, let operand = operands[index] else { return nil }
    return try tensor(operand, index)
  }

  /// The operand at `index` as integers.
  func integers(_ operand: any AnyTensor, _ index: Int) throws(Diagnostic) -> [Int] {
    guard let tensor = operand as? any IntegerTensor else {
      throw wrongType("input \(index) holds \(operand.elementType), not integers")
    }
    return tensor.integers.map { Int($0) }
  }

  /// The operand at `index` as numbers or truth values.
  func numbers(_ operand: any AnyTensor, _ index: Int) throws(Diagnostic) -> any NumericTensor {
    guard let tensor = operand as? any NumericTensor else {
      throw wrongType("input \(index) holds \(operand.elementType), not numbers")
    }
    return tensor
  }

  func wrongTypes(_ tensors: [any AnyTensor]) -> Diagnostic {
    wrongType(
      "inputs of \(tensors.map(\.elementType.rawValue).joined(separator: ", ")) "
        + "cannot be computed with")
  }
}

package import EngineSupport
package import TensorCore

/// Max, Min, Sum and Mean of any number of tensors under NumPy's broadcasting rules.
///
/// Sums run from the first operand to the last. The gradient of a maximum goes to the first of equal
/// greatest elements; NaN in any operand is the result.
package struct Extremum: DifferentiableOperator, IntervalOperator {
  package static let signatures = ["Max", "Mean", "Min", "Sum"].map {
    OperatorSignature($0, operands: 1...4_096)
  }

  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard let shape = IndexWalk.broadcastShape(operands) else {
      throw node.mismatch("\(operands) cannot be broadcast together")
    }
    return [shape]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    operands.staysApartUnderBroadcasting ? self : nil
  }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    outputs[0].reduce(1, *) * operands.count
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    guard let first = tensors[0] as? any IntegerTensor else {
      return try evaluateReals(operands, within: &budget)
    }
    guard node.operation == "Max" || node.operation == "Min" else {
      throw node.wrongTypes(tensors)
    }
    let shape = try outputShapes(for: tensors.map(\.shape))[0]
    try budget.claim(shape, for: node, work: shape.reduce(tensors.count, *))
    return [.tensor(try extreme(first, tensors))]
  }

  private func extreme<T: IntegerTensor>(
    _ first: T, _ tensors: [any AnyTensor]
  ) throws(Diagnostic) -> any AnyTensor {
    var result = Tensor(shape: first.shape, elements: first.elements)
    for tensor in tensors.dropFirst() {
      guard let other = tensor as? T,
        let walk = Broadcasting(result.shape, other.shape)
      else { throw node.wrongTypes(tensors) }
      let isMax = node.operation == "Max"
      result = walk.pairs(result.elements, other.elements) { isMax ? max($0, $1) : min($0, $1) }
    }
    return result
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    var result = operands[0]
    for other in operands.dropFirst() {
      guard let walk = Broadcasting(result.shape, other.shape) else {
        preconditionFailure("shapes were checked when the network was planned")
      }
      switch node.operation {
      case "Max":
        result = walk.pairs(result.elements, other.elements) { $1 > $0 || $1.isNaN ? $1 : $0 }
      case "Min":
        result = walk.pairs(result.elements, other.elements) { $1 < $0 || $1.isNaN ? $1 : $0 }
      default: result = walk.pairs(result.elements, other.elements) { $0 + $1 }
      }
    }
    if node.operation == "Mean" {
      let count = S.rounding(Double(operands.count))
      result.elements = result.elements.map { $0 / count }
    }
    return [result]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let shape = cotangents[0].shape
    let g = cotangents[0].elements
    let y = record.outputs[0].elements
    let isSum = node.operation == "Sum" || node.operation == "Mean"
    let share: S =
      node.operation == "Mean" ? 1 / S.rounding(Double(record.operands.count)) : 1
    var isTaken = [Bool](repeating: false, count: isSum ? 0 : g.count)
    return zip(record.operands, record.needsGradient).map { operand, isNeeded in
      var sum = [S](repeating: 0, count: operand.count)
      let strides = IndexWalk.broadcastStrides(operand.shape, to: shape) ?? []
      for (i, source) in IndexWalk.positions(shape, strides: strides).enumerated() {
        if isSum {
          sum[source] += g[i] * share
        } else if !isTaken[i], operand.elements[source] == y[i] {
          isTaken[i] = true
          sum[source] += g[i]
        }
      }
      return isNeeded ? Tensor(shape: operand.shape, elements: sum) : nil
    }
  }

  /// All four rise with every operand.
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let lower = forward(operands.map(\.lower), by: .fastest)[0]
    let upper = forward(operands.map(\.upper), by: .fastest)[0]
    guard node.operation == "Sum" || node.operation == "Mean" else {
      return [IntervalTensor(lower: lower, upper: upper)]
    }
    let magnitudes = forward(
      operands.map { operand in
        Tensor(
          shape: operand.shape,
          elements: zip(operand.lower.elements, operand.upper.elements).map {
            max(abs($0), abs($1))
          })
      }, by: .fastest)[0]
    let errors = magnitudes.elements.map {
      OutwardRounding.error(ofSum: operands.count + 1, magnitude: $0)
    }
    return [
      IntervalTensor(
        lower: Tensor(
          shape: lower.shape, elements: zip(lower.elements, errors).map { ($0 - $1).nextDown }),
        upper: Tensor(
          shape: upper.shape, elements: zip(upper.elements, errors).map { ($0 + $1).nextUp }))
    ]
  }
}

extension [OperandShape] {
  /// Whether rows of operands that are broadcast together keep to themselves.
  var staysApartUnderBroadcasting: Bool {
    let rank = map(\.shape.count).max() ?? 0
    return rank > 0
      && allSatisfy {
        $0.isBatched ? $0.shape.count == rank : $0.shape.count < rank || $0.shape[0] == 1
      }
  }
}

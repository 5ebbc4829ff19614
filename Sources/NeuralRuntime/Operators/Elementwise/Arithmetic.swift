package import EngineSupport
package import TensorCore

/// Add, Sub, Mul and Div of two tensors under NumPy's broadcasting rules.
package struct Arithmetic: DifferentiableOperator, IntervalOperator {
  package static let signatures = ["Add", "Div", "Mul", "Sub"].map {
    OperatorSignature($0, operands: 2...2)
  }

  enum Function { case add, subtract, multiply, divide }

  let function: Function
  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    switch node.operation {
    case "Add": function = .add
    case "Sub": function = .subtract
    case "Mul": function = .multiply
    default: function = .divide
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard let broadcasting = Broadcasting(operands[0], operands[1]) else {
      throw node.mismatch("\(operands[0]) and \(operands[1]) cannot be broadcast together")
    }
    return [broadcasting.shape]
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    guard let left = tensors[0] as? any IntegerTensor else {
      return try evaluateReals(operands, within: &budget)
    }
    let shape = try outputShapes(for: tensors.map(\.shape))[0]
    try budget.claim(shape, for: node)
    return [.tensor(try integers(left, tensors))]
  }

  /// Sums and products wrap; quotients drop the fraction.
  private func integers<T: IntegerTensor>(
    _ left: T, _ tensors: [any AnyTensor]
  ) throws(Diagnostic) -> any AnyTensor {
    guard let right = tensors[1] as? T, let walk = Broadcasting(left.shape, right.shape) else {
      throw node.wrongTypes(tensors)
    }
    let (a, b) = (left.elements, right.elements)
    switch function {
    case .add: return walk.pairs(a, b) { $0 &+ $1 }
    case .subtract: return walk.pairs(a, b) { $0 &- $1 }
    case .multiply: return walk.pairs(a, b) { $0 &* $1 }
    case .divide:
      guard !b.contains(0) else { throw node.mismatch("a division by zero") }
      return walk.pairs(a, b) { $0.dividedReportingOverflow(by: $1).partialValue }
    }
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    guard let walk = Broadcasting(operands[0].shape, operands[1].shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let left = Array(zip(operands[0].lower.elements, operands[0].upper.elements))
    let right = Array(zip(operands[1].lower.elements, operands[1].upper.elements))
    return [
      IntervalTensor(
        lower: walk.pairs(left, right) { bounds($0, $1).0 },
        upper: walk.pairs(left, right) { bounds($0, $1).1 })
    ]
  }

  private func bounds(
    _ a: (Double, Double), _ b: (Double, Double)
  ) -> (Double, Double) {
    let ends: [Double]
    switch function {
    case .add: ends = [a.0 + b.0, a.1 + b.1]
    case .subtract: ends = [a.0 - b.1, a.1 - b.0]
    case .multiply: ends = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1]
    case .divide:
      guard b.0 > 0 || b.1 < 0 else { return (-.infinity, .infinity) }
      ends = [a.0 / b.0, a.0 / b.1, a.1 / b.0, a.1 / b.1]
    }
    guard let low = ends.min(), let high = ends.max(), !ends.contains(where: \.isNaN) else {
      return (-.infinity, .infinity)
    }
    return OutwardRounding.widened(low, high, ulps: 1)
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    let rank = operands.map(\.shape.count).max() ?? 0
    let staysApart =
      rank > 0
      && operands.allSatisfy {
        $0.isBatched ? $0.shape.count == rank : $0.shape.count < rank || $0.shape[0] == 1
      }
    return staysApart ? self : nil
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    guard let walk = Broadcasting(operands[0].shape, operands[1].shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let left = operands[0].elements
    let right = operands[1].elements
    var y = [S](repeating: 0, count: walk.shape.reduce(1, *))
    let run = walk.axes[walk.axes.count - 1]
    let function = function
    walk.forEachRun { output, a, b in
      switch function {
      case .add:
        for i in 0..<run.count { y[output + i] = left[a + i * run.left] + right[b + i * run.right] }
      case .subtract:
        for i in 0..<run.count { y[output + i] = left[a + i * run.left] - right[b + i * run.right] }
      case .multiply:
        for i in 0..<run.count { y[output + i] = left[a + i * run.left] * right[b + i * run.right] }
      case .divide:
        for i in 0..<run.count { y[output + i] = left[a + i * run.left] / right[b + i * run.right] }
      }
    }
    return [Tensor(shape: walk.shape, elements: y)]
  }

  /// Gradients of broadcast operands are summed in the order of the output's elements.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    guard let walk = Broadcasting(record.operands[0].shape, record.operands[1].shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let left = record.operands[0].elements
    let right = record.operands[1].elements
    let g = cotangents[0].elements
    let run = walk.axes[walk.axes.count - 1]
    let function = function
    var gradients: [Tensor<S>?] = [nil, nil]
    if record.needsGradient[0] {
      var sum = [S](repeating: 0, count: left.count)
      walk.forEachRun { output, a, b in
        for i in 0..<run.count {
          let cotangent = g[output + i]
          let other = right[b + i * run.right]
          switch function {
          case .add, .subtract: sum[a + i * run.left] += cotangent
          case .multiply: sum[a + i * run.left] += cotangent * other
          case .divide: sum[a + i * run.left] += cotangent / other
          }
        }
      }
      gradients[0] = Tensor(shape: record.operands[0].shape, elements: sum)
    }
    if record.needsGradient[1] {
      var sum = [S](repeating: 0, count: right.count)
      walk.forEachRun { output, a, b in
        for i in 0..<run.count {
          let cotangent = g[output + i]
          let other = left[a + i * run.left]
          let divisor = right[b + i * run.right]
          switch function {
          case .add: sum[b + i * run.right] += cotangent
          case .subtract: sum[b + i * run.right] -= cotangent
          case .multiply: sum[b + i * run.right] += cotangent * other
          case .divide: sum[b + i * run.right] -= cotangent * other / (divisor * divisor)
          }
        }
      }
      gradients[1] = Tensor(shape: record.operands[1].shape, elements: sum)
    }
    return gradients
  }
}

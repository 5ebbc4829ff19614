package import EngineSupport
package import TensorCore

/// PRelu: Relu with a slope of its own for each element or channel.
package struct ParametricRelu: DifferentiableOperator {
  package static let signatures = [OperatorSignature("PRelu", operands: 2...2)]

  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard Broadcasting(operands[0], operands[1])?.shape == operands[0] else {
      throw node.mismatch("the slope \(operands[1]) cannot be broadcast to \(operands[0])")
    }
    return [operands[0]]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    operands.staysApartUnderBroadcasting ? self : nil
  }

  private func walk<S>(_ operands: [Tensor<S>]) -> Broadcasting {
    guard let walk = Broadcasting(operands[0].shape, operands[1].shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return walk
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    guard let x = tensors[0] as? any IntegerTensor else {
      return try evaluateReals(operands, within: &budget)
    }
    try budget.claim(try outputShapes(for: tensors.map(\.shape))[0], for: node)
    return [.tensor(try integers(x, tensors))]
  }

  private func integers<T: IntegerTensor>(
    _ x: T, _ tensors: [any AnyTensor]
  ) throws(Diagnostic) -> any AnyTensor {
    guard let slope = tensors[1] as? T, let walk = Broadcasting(x.shape, slope.shape) else {
      throw node.wrongTypes(tensors)
    }
    return walk.pairs(x.elements, slope.elements) { $0 < 0 ? $0 &* $1 : $0 }
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    [walk(operands).pairs(operands[0].elements, operands[1].elements) { $0 < 0 ? $0 * $1 : $0 }]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let walk = walk(record.operands)
    let (x, slope) = (record.operands[0].elements, record.operands[1].elements)
    let g = cotangents[0].elements
    let run = walk.axes[walk.axes.count - 1]
    var sums = record.operands.map { [S](repeating: 0, count: $0.count) }
    walk.forEachRun { output, a, b in
      for i in 0..<run.count {
        let (left, right) = (a + i * run.left, b + i * run.right)
        sums[0][left] += x[left] > 0 ? g[output + i] : g[output + i] * slope[right]
        if x[left] < 0 { sums[1][right] += g[output + i] * x[left] }
      }
    }
    return sums.indices.map {
      record.needsGradient[$0]
        ? Tensor(shape: record.operands[$0].shape, elements: sums[$0]) : nil
    }
  }
}

package import EngineSupport
package import TensorCore

/// CumSum: running sums along an axis, forwards or backwards, with or without the element itself.
package struct CumulativeSum: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature(
      "CumSum", opsets: 11...OperatorSignature.newestOpset, parameters: ["axis"],
      attributes: ["exclusive", "reverse"])
  ]

  package let node: OperatorNode
  private let axis: Int
  private let isExclusive: Bool
  private var isReversed: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let axis = try node.parameterInt("axis") else { throw node.mismatch("no axis is given") }
    self.axis = axis
    isExclusive = try node.flag("exclusive")
    isReversed = try node.flag("reverse")
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    _ = try node.axis(axis, rank: operands[0].count)
    return operands
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    axis != 0 && axis + operands[0].shape.count != 0 ? self : nil
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    guard let integers = tensor as? any IntegerTensor else {
      return try evaluateReals(operands, within: &budget)
    }
    try budget.claim(try outputShapes(for: [tensor.shape])[0], for: node)
    return [.tensor(sums(integers))]
  }

  private func sums<T: IntegerTensor>(_ tensor: T) -> any AnyTensor {
    T(shape: tensor.shape, elements: running(tensor.elements, tensor.shape, 0) { $0 &+ $1 })
  }

  private func running<E>(_ x: [E], _ shape: [Int], _ zero: E, _ add: (E, E) -> E) -> [E] {
    let (outer, length, inner) = IndexWalk.split(shape, at: axis < 0 ? axis + shape.count : axis)
    var y = x
    for block in 0..<outer {
      for column in 0..<inner {
        var sum = zero
        for step in 0..<length {
          let place =
            (block * length + (isReversed ? length - 1 - step : step)) * inner + column
          let next = add(sum, x[place])
          y[place] = isExclusive ? sum : next
          sum = next
        }
      }
    }
    return y
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    [
      Tensor(
        shape: operands[0].shape,
        elements: running(operands[0].elements, operands[0].shape, 0) { $0 + $1 })
    ]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    var adjoint = self
    adjoint.isReversed.toggle()
    return [adjoint.forward(cotangents, by: path)[0]]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let shape = operands[0].shape
    return [
      operands[0].bounding(terms: shape[axis < 0 ? axis + shape.count : axis]) {
        forward([$0], by: .fastest)[0]
      }
    ]
  }
}

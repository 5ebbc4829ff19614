package import EngineSupport
package import TensorCore

/// DequantizeLinear: whole steps back to reals, (x − zero point) · scale.
package struct Dequantization: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature(
      "DequantizeLinear", opsets: 10...OperatorSignature.newestOpset,
      parameters: ["scale", "zero_point"], attributes: ["axis", "block_size"]),
    OperatorSignature(
      "DequantizeLinear", domain: QuantizedFunction.domain, opsets: 1...1,
      parameters: ["scale", "zero_point"], attributes: ["axis"]),
  ]

  package let node: OperatorNode
  let steps: StepScaling

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    steps = try StepScaling(node)
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let x = try node.numbers(try node.tensor(operands[0], 0), 0)
    try budget.claim(x.shape, for: node)
    let places = try steps.places(in: x.shape)
    let values = zip(x.reals, places).map {
      Float($0 - steps.offsets[$1]) * steps.scales[$1]
    }
    return [.tensor(stored(values, x.shape, like: steps.original))]
  }

  private func stored<T: RealTensor>(
    _ values: [Float], _ shape: [Int], like _: T
  ) -> any AnyTensor {
    Tensor<T.Element>(shape: shape, elements: values.map { T.Element(real: Double($0)) })
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    _ = try steps.places(in: operands[0])
    return operands
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    steps.isSharedByRows(of: operands[0].shape) ? self : nil
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let places = steps.plannedPlaces(in: operands[0].shape)
    var y = operands[0].elements
    for i in y.indices {
      y[i] = (y[i] - S.rounding(steps.offsets[places[i]])) * S(steps.scales[places[i]])
    }
    return [Tensor(shape: operands[0].shape, elements: y)]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let shape = record.operands[0].shape
    let places = steps.plannedPlaces(in: shape)
    var gradient = cotangents[0].elements
    for i in gradient.indices { gradient[i] *= S(steps.scales[places[i]]) }
    return [Tensor(shape: shape, elements: gradient)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let x = operands[0]
    let places = steps.plannedPlaces(in: x.shape)
    let ranges = x.lower.elements.indices.map { i -> Ranges.Range in
      let (offset, scale) = (steps.offsets[places[i]], Double(steps.scales[places[i]]))
      let moved = OutwardRounding.widened(x[i].low - offset, x[i].high - offset, ulps: 1)
      let y = Ranges.product(moved, (scale, scale))
      return OutwardRounding.widened(y.low, y.high, ulps: 1)
    }
    return [IntervalTensor(shape: x.shape, ranges)]
  }
}

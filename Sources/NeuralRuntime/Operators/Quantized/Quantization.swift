package import EngineSupport
package import TensorCore

/// QuantizeLinear: reals to whole steps, ties to even, saturated.
///
/// The quotient is computed in `Float`, as the specification's reference does. In a planned network the steps
/// are whole numbers among the reals. The gradient is the straight-through one: as if nothing were rounded,
/// and 0 where the steps saturate (Bengio et al., arXiv 1308.3432).
package struct Quantization: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature(
      "QuantizeLinear", opsets: 10...OperatorSignature.newestOpset,
      parameters: ["scale", "zero_point"],
      attributes: ["axis", "block_size", "output_dtype", "saturate"]),
    OperatorSignature(
      "QuantizeLinear", domain: QuantizedFunction.domain, opsets: 1...1,
      parameters: ["scale", "zero_point"], attributes: ["axis"]),
  ]

  package let node: OperatorNode
  let steps: StepScaling
  private let target: ElementType
  private let saturates: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    steps = try StepScaling(node)
    let type = try node.int("output_dtype") ?? 0 == 0 ? nil : try node.elementType("output_dtype")
    target = node.parameter("zero_point")?.elementType ?? type ?? .uint8
    saturates = try node.int("saturate") ?? 1 != 0
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let x = try node.numbers(try node.tensor(operands[0], 0), 0)
    try budget.claim(x.shape, for: node)
    let places = try steps.places(in: x.shape)
    guard let numbers = target.swiftType as? any NumericElement.Type else {
      throw node.unsupported("steps of \(target)")
    }
    let reals = x.converted(to: Float.self).elements
    let quotients = reals.indices.map { reals[$0] / steps.scales[places[$0]] }
    return [.tensor(stored(quotients, places, x.shape, numbers))]
  }

  private func stored<T: NumericElement>(
    _ quotients: [Float], _ places: [Int], _ shape: [Int], _: T.Type
  ) -> any AnyTensor {
    if let reduced = T.self as? any ReducedFloat.Type {
      return rounded(quotients, places, shape, reduced)
    }
    return Tensor(
      shape: shape,
      elements: quotients.indices.map {
        T(real: Double(quotients[$0].rounded(.toNearestOrEven)) + steps.offsets[places[$0]])
      })
  }

  private func rounded<T: ReducedFloat>(
    _ quotients: [Float], _ places: [Int], _ shape: [Int], _: T.Type
  ) -> any AnyTensor {
    Tensor(
      shape: shape,
      elements: quotients.indices.map { index in
        let value = Double(quotients[index]) + steps.offsets[places[index]]
        return saturates ? T(saturating: value) : T(real: value)
      })
  }

  // A planned network.

  /// The least and greatest step.
  private var range: (least: Double, most: Double)? {
    guard let integers = target.swiftType as? any IntegerElement.Type else { return nil }
    return Self.range(integers)
  }

  private static func range<T: IntegerElement>(_: T.Type) -> (Double, Double) {
    (T(real: -0x1p70).real, T(real: 0x1p70).real)
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard range != nil else { throw node.unsupported("steps of \(target) in a planned network") }
    _ = try steps.places(in: operands[0])
    return operands
  }

  /// The least and greatest step of a planned network.
  var limits: (least: Double, most: Double) {
    guard let range else { preconditionFailure("steps were checked when the network was planned") }
    return range
  }

  private func clamped(_ step: Double) -> Double { min(max(step, limits.least), limits.most) }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    steps.isSharedByRows(of: operands[0].shape) ? self : nil
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let places = steps.plannedPlaces(in: operands[0].shape)
    var y = operands[0].elements
    for i in y.indices {
      let quotient = y[i] / S(steps.scales[places[i]])
      y[i] = S.rounding(
        clamped(quotient.rounded(.toNearestOrEven).real + steps.offsets[places[i]]))
    }
    return [Tensor(shape: operands[0].shape, elements: y)]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0]
    let places = steps.plannedPlaces(in: x.shape)
    var gradient = cotangents[0].elements
    for i in gradient.indices {
      let scale = S(steps.scales[places[i]])
      let step = (x.elements[i] / scale).real + steps.offsets[places[i]]
      gradient[i] = clamped(step) == step ? gradient[i] / scale : 0
    }
    return [Tensor(shape: x.shape, elements: gradient)]
  }

  /// Steps follow each other as the numbers do; a quotient near a tie may have been rounded to either side.
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let places = steps.plannedPlaces(in: operands[0].shape)
    let x = operands[0]
    let ranges = x.lower.elements.indices.map { i -> Ranges.Range in
      let scale = Double(steps.scales[places[i]])
      let ends = [x[i].low / scale, x[i].high / scale]
      guard !ends[0].isNaN, !ends[1].isNaN else { return (clamped(-0x1p70), clamped(0x1p70)) }
      let wide = OutwardRounding.widened(min(ends[0], ends[1]), max(ends[0], ends[1]), ulps: 1)
      let offset = steps.offsets[places[i]]
      return (
        clamped(wide.0.rounded(.toNearestOrEven) + offset),
        clamped(wide.1.rounded(.toNearestOrEven) + offset)
      )
    }
    return [IntervalTensor(shape: x.shape, ranges)]
  }
}

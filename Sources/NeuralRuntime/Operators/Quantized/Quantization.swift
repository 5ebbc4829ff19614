package import EngineSupport
import TensorCore

/// QuantizeLinear and DynamicQuantizeLinear: reals to whole steps, ties to even, saturated.
///
/// The quotient is computed in `Float`, as the specification's reference does.
package struct Quantization: Operator {
  package static let signatures = [
    OperatorSignature(
      "DynamicQuantizeLinear", opsets: 11...OperatorSignature.newestOpset, results: 3),
    OperatorSignature(
      "QuantizeLinear", opsets: 10...OperatorSignature.newestOpset, operands: 2...3,
      attributes: ["axis", "block_size", "output_dtype", "saturate"]),
    OperatorSignature(
      "QuantizeLinear", domain: QuantizedFunction.domain, opsets: 1...1, operands: 2...3,
      attributes: ["axis"]),
  ]

  private let node: OperatorNode
  private let scaling: ScaleLayout
  private let type: ElementType?
  private let saturates: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    scaling = try ScaleLayout(node)
    type = try node.int("output_dtype") ?? 0 == 0 ? nil : try node.elementType("output_dtype")
    saturates = try node.int("saturate") ?? 1 != 0
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let x = try node.numbers(try node.tensor(operands[0], 0), 0)
    try budget.claim(x.shape, for: node)
    if node.operation == "DynamicQuantizeLinear" { return dynamic(x.converted(to: Float.self)) }
    let scale = try node.numbers(try node.tensor(operands[1], 1), 1).converted(to: Float.self)
    let zero = try node.optional(operands, 2)
    let places = try scaling.places(of: scale.shape, in: x.shape)
    let target = zero?.elementType ?? type ?? .uint8
    guard let numbers = target.swiftType as? any NumericElement.Type else {
      throw node.unsupported("steps of \(target)")
    }
    let offsets = (zero as? any NumericTensor)?.reals ?? [Double](repeating: 0, count: scale.count)
    guard offsets.count == scale.count else {
      throw node.mismatch("\(offsets.count) zero points for \(scale.count) scales")
    }
    let reals = x.converted(to: Float.self).elements
    let quotients = reals.indices.map { reals[$0] / scale.elements[places[$0]] }
    return [.tensor(steps(quotients, places, offsets, x.shape, numbers))]
  }

  private func steps<T: NumericElement>(
    _ quotients: [Float], _ places: [Int], _ offsets: [Double], _ shape: [Int], _: T.Type
  ) -> any AnyTensor {
    if let reduced = T.self as? any ReducedFloat.Type {
      return rounded(quotients, places, offsets, shape, reduced)
    }
    return Tensor(
      shape: shape,
      elements: quotients.indices.map {
        T(real: Double(quotients[$0].rounded(.toNearestOrEven)) + offsets[places[$0]])
      })
  }

  private func rounded<T: ReducedFloat>(
    _ quotients: [Float], _ places: [Int], _ offsets: [Double], _ shape: [Int], _: T.Type
  ) -> any AnyTensor {
    Tensor(
      shape: shape,
      elements: quotients.indices.map { index in
        let value = Double(quotients[index]) + offsets[places[index]]
        return saturates ? T(saturating: value) : T(real: value)
      })
  }

  /// Eight bits over the range of the data, which is made to hold zero.
  private func dynamic(_ x: Tensor<Float>) -> [RuntimeValue] {
    let least = min(x.elements.min() ?? 0, 0)
    let most = max(x.elements.max() ?? 0, 0)
    let scale = (most - least) / 255
    let offset =
      scale == 0
      ? 0 : min(max((0 - least / scale).rounded(.toNearestOrEven), 0), 255)
    let elements = x.elements.map { value in
      UInt8(real: Double(scale == 0 ? 0 : (value / scale).rounded(.toNearestOrEven) + offset))
    }
    return [
      .tensor(Tensor(shape: x.shape, elements: elements)),
      .tensor(Tensor(shape: [], elements: [scale])),
      .tensor(Tensor(shape: [], elements: [UInt8(real: Double(offset))])),
    ]
  }
}

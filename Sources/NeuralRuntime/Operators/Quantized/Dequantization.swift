package import EngineSupport
import TensorCore

/// DequantizeLinear: whole steps back to reals, (x − zero point) · scale.
package struct Dequantization: Operator {
  package static let signatures = [
    OperatorSignature(
      "DequantizeLinear", opsets: 10...OperatorSignature.newestOpset, operands: 2...3,
      attributes: ["axis", "block_size"]),
    OperatorSignature(
      "DequantizeLinear", domain: QuantizedFunction.domain, opsets: 1...1, operands: 2...3,
      attributes: ["axis"]),
  ]

  private let node: OperatorNode
  private let scaling: ScaleLayout

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    scaling = try ScaleLayout(node)
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let x = try node.numbers(try node.tensor(operands[0], 0), 0)
    let scale = try node.tensor(operands[1], 1)
    guard let scales = scale as? any RealTensor else { throw node.wrongTypes([scale]) }
    try budget.claim(x.shape, for: node)
    let places = try scaling.places(of: scale.shape, in: x.shape)
    let zero = try node.optional(operands, 2) as? any NumericTensor
    let offsets = zero?.reals ?? [Double](repeating: 0, count: scale.count)
    guard offsets.count == scale.count else {
      throw node.mismatch("\(offsets.count) zero points for \(scale.count) scales")
    }
    let differences = zip(x.reals, places).map { Float($0 - offsets[$1]) }
    return [.tensor(scaled(differences, places, scales, x.shape))]
  }

  private func scaled<T: RealTensor>(
    _ differences: [Float], _ places: [Int], _ scale: T, _ shape: [Int]
  ) -> any AnyTensor {
    let scales = scale.converted(to: Float.self).elements
    return Tensor<T.Element>(
      shape: shape,
      elements: zip(differences, places).map { T.Element(real: Double($0 * scales[$1])) })
  }
}

package import EngineSupport
import TensorCore

/// DynamicQuantizeLinear: reals to eight bits over the range of the data, which is made to hold zero.
package struct DynamicQuantization: Operator {
  package static let signatures = [
    OperatorSignature(
      "DynamicQuantizeLinear", opsets: 11...OperatorSignature.newestOpset, results: 3)
  ]

  private let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.numbers(try node.tensor(operands[0], 0), 0)
    try budget.claim(tensor.shape, for: node)
    let x = tensor.converted(to: Float.self)
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

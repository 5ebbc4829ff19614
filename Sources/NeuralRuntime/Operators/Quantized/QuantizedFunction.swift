package import EngineSupport
import TensorCore

/// Functions of quantised tensors that onnxruntime's quantiser writes beside ONNX's own: QLinearAdd,
/// QLinearSigmoid and their like in the domain com.microsoft.
///
/// Steps become reals, the function is computed in `Float`, and the result is rounded to steps, ties to even.
package struct QuantizedFunction: Operator {
  static let domain = "com.microsoft"
  /// The operator on reals that each one stands for.
  private static let functions: [String: any RealOperator.Type] = [
    "QLinearAdd": Arithmetic.self, "QLinearAveragePool": AveragePooling.self,
    "QLinearConcat": Concatenation.self, "QLinearGlobalAveragePool": AveragePooling.self,
    "QLinearLeakyRelu": Activation.self, "QLinearMul": Arithmetic.self,
    "QLinearReduceMean": Reduction.self, "QLinearSigmoid": Activation.self,
    "QLinearSoftmax": Softmax.self,
  ]
  private static let attributes: [String: Set<String>] = [
    "QLinearAveragePool": [
      "auto_pad", "ceil_mode", "channels_last", "count_include_pad", "kernel_shape", "pads",
      "strides",
    ],
    "QLinearConcat": ["axis"], "QLinearGlobalAveragePool": ["channels_last"],
    "QLinearLeakyRelu": ["alpha"], "QLinearReduceMean": ["axes", "keepdims"],
    "QLinearSoftmax": ["axis", "opset"],
  ]

  package static let signatures = functions.keys.sorted().map { name in
    let operands =
      switch name {
      case "QLinearAdd", "QLinearMul": 7...8
      case "QLinearConcat": 5...4_096
      default: 4...5
      }
    return OperatorSignature(
      name, domain: domain, opsets: 1...1, operands: operands, attributes: attributes[name] ?? [])
  }

  private let node: OperatorNode
  private let function: any RealOperator

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let family = Self.functions[node.operation] else {
      throw node.unsupported("unknown function")
    }
    guard try !node.flag("channels_last") else { throw node.unsupported("channels last") }
    let opset = try node.int("opset") ?? 13
    guard (7...OperatorSignature.newestOpset).contains(opset) else {
      throw node.invalidAttribute("opset", "a version of ONNX's operators")
    }
    function = try family.init(node.standing(for: String(node.operation.dropFirst(7)), in: opset))
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    // Concat has the scale of its result in front, the others at the end.
    let isConcat = node.operation == "QLinearConcat"
    var reals: [RuntimeValue] = []
    var position = isConcat ? 2 : 0
    let end = isConcat ? operands.count : node.operation.isPair ? 6 : 3
    while position + 1 < end {
      reals.append(.tensor(try real(operands, at: position, within: &budget)))
      position += 3
    }
    let result = try function.evaluate(reals, within: &budget)[0]
    guard let values = try node.tensor(result, 0) as? Tensor<Float>,
      case (let scale, let zero) = try scaling(operands, at: isConcat ? 0 : end),
      let first = try node.optional(operands, isConcat ? 2 : 0) as? any IntegerTensor
    else { throw node.wrongType("steps and scales are needed") }
    return [.tensor(steps(values, scale, zero, like: first))]
  }

  private func scaling(
    _ operands: [RuntimeValue?], at index: Int
  ) throws(Diagnostic) -> (scale: Float, zero: Float) {
    guard let scale = try node.optional(operands, index) as? Tensor<Float>, scale.count == 1 else {
      throw node.mismatch("input \(index) must be one scale")
    }
    guard let zero = try node.optional(operands, index + 1) else { return (scale.elements[0], 0) }
    guard let value = (zero as? any IntegerTensor)?.reals.first, zero.count == 1 else {
      throw node.mismatch("input \(index + 1) must be one zero point")
    }
    return (scale.elements[0], Float(value))
  }

  private func real(
    _ operands: [RuntimeValue?], at index: Int, within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> Tensor<Float> {
    let operand = index < operands.count ? operands[index] : nil
    guard let tensor = try node.tensor(operand, index) as? any IntegerTensor else {
      throw node.wrongType("input \(index) holds no steps")
    }
    try budget.claim(tensor.shape, for: node)
    let (scale, zero) = try scaling(operands, at: index + 1)
    return Tensor(
      shape: tensor.shape, elements: tensor.reals.map { (Float($0) - zero) * scale })
  }

  private func steps<T: IntegerTensor>(
    _ values: Tensor<Float>, _ scale: Float, _ zero: Float, like _: T
  ) -> any AnyTensor {
    T(
      shape: values.shape,
      elements: values.elements.map {
        T.Element(real: Double(($0 / scale).rounded(.toNearestOrEven) + zero))
      })
  }
}

extension String {
  /// Whether the function has two quantised operands.
  fileprivate var isPair: Bool { self == "QLinearAdd" || self == "QLinearMul" }
}

package import EngineSupport
package import TensorCore

/// Cast: numbers, truth values and text from one type into another.
///
/// In a planned network, whose values are reals, a conversion between real types keeps the value or rounds it
/// to 16 bits; the gradient passes it unchanged.
package struct Conversion: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature("Cast", attributes: ["saturate", "to"])
  ]

  package let node: OperatorNode
  private let target: ElementType?
  private let saturates: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    target = try node.elementType("to")
    saturates = try node.int("saturate") ?? 1 != 0
    if node.operation == "Cast", target == nil { throw node.invalidAttribute("to", "present") }
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    let type = target ?? tensors[tensors.count - 1].elementType
    try budget.claim(tensors[0].shape, for: node)
    return [.tensor(try converted(tensors[0], to: type))]
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard let target, target.swiftType is any RealElement.Type, !isEightBit else {
      throw Diagnostic(
        "onnx.operator.data-dependent",
        "\(node.operation) to another type than reals: the model can be run, but not planned",
        at: node.location)
    }
    return [operands[0]]
  }

  private var isEightBit: Bool {
    ![.float, .double, .float16, .bfloat16].contains(target ?? .float)
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    switch target {
    case .float16: [operands[0].converted(to: Half.self).converted(to: S.self)]
    case .bfloat16: [operands[0].converted(to: BrainFloat.self).converted(to: S.self)]
    default: [operands[0]]
    }
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    [cotangents[0]]
  }

  /// Rounding never exchanges two values; a `Float` engine may have rounded before.
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    [
      IntervalTensor(
        lower: forward([operands[0].lower], by: .fastest)[0],
        upper: forward([operands[0].upper], by: .fastest)[0]
      ).map { OutwardRounding.widened($0, $1, ulps: target == .double ? 0 : 1) }
    ]
  }

  private func converted(
    _ tensor: any AnyTensor, to type: ElementType
  ) throws(Diagnostic) -> any AnyTensor {
    if tensor.elementType == type { return tensor }
    if type == .string { return try text(of: tensor) }
    guard let target = type.swiftType as? any NumericElement.Type else {
      throw node.unsupported("a conversion to \(type)")
    }
    if let text = tensor as? Tensor<String> { return try parsed(text, target) }
    guard let numbers = tensor as? any NumericTensor else { throw node.wrongTypes([tensor]) }
    if saturates, let reduced = target as? any ReducedFloat.Type,
      type != .float16 && type != .bfloat16
    {
      return saturated(numbers.reals, numbers.shape, reduced)
    }
    return erased(numbers, target)
  }

  private func erased<T: NumericElement>(
    _ tensor: any NumericTensor, _: T.Type
  ) -> any AnyTensor { tensor.converted(to: T.self) }

  private func saturated<T: ReducedFloat>(
    _ values: [Double], _ shape: [Int], _: T.Type
  ) -> any AnyTensor { Tensor(shape: shape, elements: values.map { T(saturating: $0) }) }

  private func parsed<T: NumericElement>(
    _ tensor: Tensor<String>, _: T.Type
  ) throws(Diagnostic) -> any AnyTensor {
    var elements: [T] = []
    for text in tensor.elements {
      if let whole = Int64(text), T.isInteger {
        elements.append(T(integer: whole))
      } else if let number = Double(text) {
        elements.append(T(real: number))
      } else {
        throw node.mismatch("\"\(text.prefix(40))\" is no number")
      }
    }
    return Tensor(shape: tensor.shape, elements: elements)
  }

  /// As few digits as tell a number from its neighbours; a whole number without a point.
  private func text(of tensor: any AnyTensor) throws(Diagnostic) -> any AnyTensor {
    guard let numbers = tensor as? any NumericTensor else { throw node.wrongTypes([tensor]) }
    let texts: [String]
    if let floats = tensor as? Tensor<Float> {
      texts = floats.elements.map { Self.shortest("\($0)") }
    } else if tensor is any RealTensor {
      texts = numbers.reals.map { Self.shortest("\($0)") }
    } else {
      texts = numbers.integers.map { "\($0)" }
    }
    return Tensor(shape: tensor.shape, elements: texts)
  }

  private static func shortest(_ text: String) -> String {
    switch text {
    case "nan": "NaN"
    case "inf": "INF"
    case "-inf": "-INF"
    default: text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
  }
}

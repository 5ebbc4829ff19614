package import EngineSupport
package import TensorCore

/// Functions of one element: Relu, LeakyRelu, Clip, Sigmoid, Tanh.
///
/// At a kink the derivative is that of the side PyTorch takes: 0 for Relu and the slope for LeakyRelu
/// at 0, 1 for Clip at its bounds.
package struct Activation: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature("Clip", opsets: 7...10, attributes: ["max", "min"]),
    OperatorSignature(
      "Clip", opsets: 11...OperatorSignature.newestOpset, parameters: ["min", "max"]),
    OperatorSignature("LeakyRelu", attributes: ["alpha"]),
    OperatorSignature("Relu"),
    OperatorSignature("Sigmoid"),
    OperatorSignature("Tanh"),
  ]

  enum Function {
    case relu
    case leakyRelu(slope: Double)
    case clip(from: Double, to: Double)
    case sigmoid
    case tanh
  }

  package let node: OperatorNode
  let function: Function

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    switch node.operation {
    case "Relu": function = .relu
    case "LeakyRelu": function = .leakyRelu(slope: try node.float("alpha") ?? Double(Float(0.01)))
    case "Sigmoid": function = .sigmoid
    case "Tanh": function = .tanh
    default:
      let isAttribute = node.opset < 11
      let least = isAttribute ? try node.float("min") : try node.parameterNumber("min")
      let most = isAttribute ? try node.float("max") : try node.parameterNumber("max")
      function = .clip(from: least ?? -.infinity, to: most ?? .infinity)
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] { [operands[0]] }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    guard let integers = tensor as? any IntegerTensor else {
      return try evaluateReals(operands, within: &budget)
    }
    try budget.claim(tensor.shape, for: node)
    switch function {
    case .relu: return [.tensor(clamped(integers, 0, .infinity))]
    case .clip(let least, let most): return [.tensor(clamped(integers, least, most))]
    default: throw node.wrongTypes([tensor])
    }
  }

  private func clamped<T: IntegerTensor>(
    _ tensor: T, _ least: Double, _ most: Double
  ) -> any AnyTensor {
    let (low, high) = (T.Element(real: least), T.Element(real: most))
    return T(shape: tensor.shape, elements: tensor.elements.map { min(max($0, low), high) })
  }

  /// Every function here rises, but for a leaky one with a negative slope.
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let lower = forward([operands[0].lower], by: .fastest)[0]
    let upper = forward([operands[0].upper], by: .fastest)[0]
    if case .leakyRelu(let slope) = function, slope < 0 {
      return [
        operands[0].map { low, high in
          let ends = [low < 0 ? low * slope : low, high < 0 ? high * slope : high]
          let least = low <= 0 && high >= 0 ? 0 : min(ends[0], ends[1])
          return OutwardRounding.widened(least, max(ends[0], ends[1]), ulps: 1)
        }
      ]
    }
    let range = IntervalTensor(lower: lower, upper: upper)
    return [isExact ? range : range.map { OutwardRounding.widened($0, $1, ulps: 4) }]
  }

  private var isExact: Bool {
    switch function {
    case .relu, .clip: true
    default: false
    }
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    var y = operands[0].elements
    switch function {
    case .relu:
      for i in y.indices { y[i] = y[i] < 0 ? 0 : y[i] }
    case .leakyRelu(let slope):
      let slope = S.rounding(slope)
      for i in y.indices { y[i] = y[i] < 0 ? y[i] * slope : y[i] }
    case .clip(let least, let most):
      let least = S.rounding(least)
      let most = S.rounding(most)
      for i in y.indices {
        let raised = y[i] < least ? least : y[i]
        y[i] = raised > most ? most : raised
      }
    case .sigmoid:
      for i in y.indices { y[i] = S.rounding(PortableMath.sigmoid(Double(y[i]))) }
    case .tanh:
      for i in y.indices { y[i] = S.rounding(PortableMath.tanh(Double(y[i]))) }
    }
    return [Tensor(shape: operands[0].shape, elements: y)]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0].elements
    let y = record.outputs[0].elements
    var gradient = cotangents[0].elements
    precondition(x.count == gradient.count && y.count == gradient.count, "one shape for all")
    switch function {
    case .relu:
      for i in gradient.indices { gradient[i] = x[i] > 0 ? gradient[i] : 0 }
    case .leakyRelu(let slope):
      let slope = S.rounding(slope)
      for i in gradient.indices where !(x[i] > 0) { gradient[i] *= slope }
    case .clip(let least, let most):
      let least = S.rounding(least)
      let most = S.rounding(most)
      for i in gradient.indices where x[i] < least || x[i] > most { gradient[i] = 0 }
    case .sigmoid:
      for i in gradient.indices { gradient[i] *= y[i] * (1 - y[i]) }
    case .tanh:
      for i in gradient.indices { gradient[i] *= 1 - y[i] * y[i] }
    }
    return [Tensor(shape: record.operands[0].shape, elements: gradient)]
  }
}

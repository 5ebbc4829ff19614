package import EngineSupport
package import TensorCore

/// Functions of one element: Relu, LeakyRelu, Clip, Sigmoid, Tanh.
///
/// At a kink the derivative is that of the side PyTorch takes: 0 for Relu and the slope for LeakyRelu
/// at 0, 1 for Clip at its bounds.
package struct Activation: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature("Clip", opsets: 7...10, attributes: ["max", "min"]),
    OperatorSignature(
      "Clip", opsets: 11...OperatorSignature.newestOpset, parameters: ["min", "max"]),
    OperatorSignature("LeakyRelu", attributes: ["alpha"]),
    OperatorSignature("Relu"),
    OperatorSignature("Sigmoid"),
    OperatorSignature("Tanh"),
  ]

  private enum Function {
    case relu
    case leakyRelu(slope: Double)
    case clip(from: Double, to: Double)
    case sigmoid
    case tanh
  }

  private let function: Function

  package init(_ node: OperatorNode) throws(Diagnostic) {
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

  package func rowwise(_ operands: [OperandShape]) -> Self? { self }

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

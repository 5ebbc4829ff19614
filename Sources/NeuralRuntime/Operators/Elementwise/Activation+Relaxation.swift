package import TensorCore

/// Linear relaxations of the activations: kinked ones are exact in `Float`, curved ones keep room for it.
extension Activation: PlanarOperator {
  package func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes? {
    switch function {
    case .relu:
      return RelaxationPlanes(rectifying: operands[0], boxes: boxes)
    case .leakyRelu(let slope):
      // One product is rounded in `Float`.
      return RelaxationPlanes(over: operands[0], within: range, boxes: boxes) { low, high in
        LinePair.leaky(slope: slope, over: low, high)
          .widened(by: low < 0 ? OutwardRounding.error(ofSum: 1, magnitude: abs(slope * low)) : 0)
      }
    case .clip(let least, let most):
      return RelaxationPlanes(over: operands[0], within: range, boxes: boxes) {
        .clip(from: least, to: most, over: $0, $1)
      }
    case .sigmoid:
      return curve(over: operands[0], within: range, boxes, PortableMath.sigmoid) {
        let y = PortableMath.sigmoid($0)
        return y * (1 - y)
      }
    case .tanh:
      return curve(over: operands[0], within: range, boxes, PortableMath.tanh) {
        let y = PortableMath.tanh($0)
        return 1 - y * y
      }
    }
  }

  private func curve(
    over operand: IntervalTensor, within range: IntervalTensor, _ boxes: Int,
    _ value: (Double) -> Double, derivative: (Double) -> Double
  ) -> RelaxationPlanes {
    RelaxationPlanes(over: operand, within: range, boxes: boxes) { low, high in
      LinePair.curve(
        .sigmoidal(around: 0), over: low, high, value: value, derivative: derivative)?
        .widenedForFloat(low: value(low), high: value(high))
    }
  }

  package func isSettled(_ low: Double, _ high: Double) -> Bool {
    switch function {
    case .relu, .leakyRelu: low >= 0 || high <= 0
    case .clip(let least, let most):
      high <= least || low >= most || low >= least && high <= most
    case .sigmoid, .tanh: low == high
    }
  }

  package var settlesBySign: Bool {
    switch function {
    case .relu, .leakyRelu: true
    default: false
    }
  }

  package var freeLowerSlopes: ClosedRange<Double>? {
    switch function {
    case .relu: 0...1
    case .leakyRelu(let slope) where slope >= 0 && slope <= 1: slope...1
    default: nil
    }
  }
}

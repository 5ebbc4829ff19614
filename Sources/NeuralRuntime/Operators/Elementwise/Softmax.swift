package import EngineSupport
package import TensorCore

/// Softmax and LogSoftmax along an axis (operator set 13 on) or over all axes from one on (before).
///
/// Exponentials, sums and quotients are computed in `Double` and rounded once; the greatest element is
/// subtracted first, so nothing overflows.
package struct Softmax: DifferentiableOperator, IntervalOperator {
  package static let signatures = ["LogSoftmax", "Softmax"].map {
    OperatorSignature($0, attributes: ["axis"])
  }

  private let axis: Int
  private let joinsAxes: Bool
  let isLogarithm: Bool
  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    joinsAxes = node.opset < 13
    isLogarithm = node.operation == "LogSoftmax"
    axis = try node.int("axis") ?? (joinsAxes ? 1 : -1)
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    _ = try node.axis(axis, rank: operands[0].count, includingEnd: joinsAxes)
    return [operands[0]]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    axis != 0 && axis + operands[0].shape.count != 0 ? self : nil
  }

  /// Groups of `length` elements, `stride` apart; `outer` blocks hold `stride` groups each.
  func groups(_ shape: [Int]) -> (outer: Int, length: Int, stride: Int) {
    let axis = axis < 0 ? axis + shape.count : axis
    let outer = shape[..<axis].reduce(1, *)
    if joinsAxes { return (outer, shape[axis...].reduce(1, *), 1) }
    return (outer, shape[axis], shape[(axis + 1)...].reduce(1, *))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let (outer, length, stride) = groups(operands[0].shape)
    var y = operands[0].elements
    var powers = [Double](repeating: 0, count: length)
    for group in 0..<outer * stride where length > 0 {
      let start = group / stride * length * stride + group % stride
      var greatest = y[start]
      for i in 1..<max(length, 1) { greatest = max(greatest, y[start + i * stride]) }
      var sum = 0.0
      for i in 0..<length {
        powers[i] = PortableMath.exp(Double(y[start + i * stride]) - Double(greatest))
        sum += powers[i]
      }
      let logarithm = isLogarithm ? PortableMath.log(sum) : 0
      for i in 0..<length {
        let index = start + i * stride
        y[index] = S.rounding(
          isLogarithm ? Double(y[index]) - Double(greatest) - logarithm : powers[i] / sum)
      }
    }
    return [Tensor(shape: operands[0].shape, elements: y)]
  }

  /// Softmax: yᵢ (gᵢ − Σ gⱼ yⱼ); its logarithm: gᵢ − eʸⁱ Σ gⱼ. The sum in ascending order in `Double`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let shape = record.operands[0].shape
    let (outer, length, stride) = groups(shape)
    let y = record.outputs[0].elements
    var gradient = cotangents[0].elements
    for group in 0..<outer * stride {
      let start = group / stride * length * stride + group % stride
      var mean = 0.0
      for i in 0..<length {
        let g = Double(gradient[start + i * stride])
        mean += isLogarithm ? g : g * Double(y[start + i * stride])
      }
      for i in 0..<length {
        let index = start + i * stride
        let (g, value) = (Double(gradient[index]), Double(y[index]))
        gradient[index] = S.rounding(
          isLogarithm ? g - PortableMath.exp(value) * mean : value * (g - mean))
      }
    }
    return [Tensor(shape: shape, elements: gradient)]
  }

  /// An element's share falls with every other element: its least value has itself least and all others
  /// greatest.
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let shape = operands[0].shape
    let (outer, length, stride) = groups(shape)
    let (low, high) = (operands[0].lower.elements, operands[0].upper.elements)
    var (least, most) = (low, high)
    for group in 0..<outer * stride {
      let start = group / stride * length * stride + group % stride
      var (smallest, greatest) = (Double.infinity, -Double.infinity)
      for i in 0..<length {
        smallest = min(smallest, low[start + i * stride])
        greatest = max(greatest, high[start + i * stride])
      }
      let share = floatShare(of: length, reach: greatest - smallest)
      for i in 0..<length {
        let own = start + i * stride
        let ends = (
          self.share(low[own], others: high, but: i, start, length, stride),
          self.share(high[own], others: low, but: i, start, length, stride)
        )
        let room = (
          (isLogarithm ? abs(ends.0) + 1 : ends.0) * share + OutwardRounding.underflow,
          (isLogarithm ? abs(ends.1) + 1 : ends.1) * share + OutwardRounding.underflow
        )
        least[own] = isLogarithm ? ends.0 - room.0 : max(0, ends.0 - room.0)
        most[own] = isLogarithm ? min(0, ends.1 + room.1) : ends.1 + room.1
      }
    }
    return [
      IntervalTensor(
        lower: Tensor(shape: shape, elements: least), upper: Tensor(shape: shape, elements: most))
    ]
  }

  /// How far, in proportion, a share computed in `Float` may be off: a difference of elements is rounded in
  /// proportion to its size before its exponential is taken, and then there are exponentials, a sum and a quotient.
  func floatShare(of length: Int, reach: Double) -> Double {
    min((Double(12 + length) + 2 * reach) * 0x1p-23, 1)
  }

  private func share(
    _ own: Double, others: [Double], but index: Int, _ start: Int, _ length: Int, _ stride: Int
  ) -> Double {
    var sum = 1.0
    for i in 0..<length where i != index {
      sum += PortableMath.exp(others[start + i * stride] - own)
    }
    return isLogarithm ? -PortableMath.log(sum) : 1 / sum
  }
}

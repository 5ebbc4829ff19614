package import EngineSupport
package import TensorCore

/// Softmax along an axis (operator set 13 on) or over all axes from one on (before).
///
/// Exponentials, sums and quotients are computed in `Double` and rounded once; the greatest element is
/// subtracted first, so nothing overflows.
package struct Softmax: DifferentiableOperator {
  package static let signatures = [OperatorSignature("Softmax", attributes: ["axis"])]

  private let axis: Int
  private let joinsAxes: Bool
  private let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    joinsAxes = node.opset < 13
    axis = try node.int("axis") ?? (joinsAxes ? 1 : -1)
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    _ = try node.axis(axis, rank: operands[0].count, includingEnd: joinsAxes)
    return [operands[0]]
  }

  package func rowwise(_ operands: [OperandShape]) -> Self? {
    axis != 0 && axis + operands[0].shape.count != 0 ? self : nil
  }

  /// Groups of `length` elements, `stride` apart; `outer` blocks hold `stride` groups each.
  private func groups(_ shape: [Int]) -> (outer: Int, length: Int, stride: Int) {
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
    for group in 0..<outer * stride {
      let start = group / stride * length * stride + group % stride
      var greatest = y[start]
      for i in 1..<max(length, 1) { greatest = max(greatest, y[start + i * stride]) }
      var sum = 0.0
      for i in 0..<length {
        powers[i] = PortableMath.exp(Double(y[start + i * stride]) - Double(greatest))
        sum += powers[i]
      }
      for i in 0..<length { y[start + i * stride] = S.rounding(powers[i] / sum) }
    }
    return [Tensor(shape: operands[0].shape, elements: y)]
  }

  /// yᵢ (gᵢ − Σ gⱼ yⱼ), the sum in ascending order in `Double`.
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
        mean += Double(gradient[start + i * stride]) * Double(y[start + i * stride])
      }
      for i in 0..<length {
        let index = start + i * stride
        gradient[index] = S.rounding(Double(y[index]) * (Double(gradient[index]) - mean))
      }
    }
    return [Tensor(shape: shape, elements: gradient)]
  }
}

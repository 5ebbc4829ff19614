package import EngineSupport
package import TensorCore

/// Pow: a base to an exponent of its own type or another, with broadcasting.
package struct Power: DifferentiableOperator, IntervalOperator {
  package static let signatures = [OperatorSignature("Pow", operands: 2...2)]

  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard let walk = Broadcasting(operands[0], operands[1]) else {
      throw node.mismatch("\(operands[0]) and \(operands[1]) cannot be broadcast together")
    }
    return [walk.shape]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    operands.staysApartUnderBroadcasting ? self : nil
  }

  private func walk(_ operands: [[Int]]) -> Broadcasting {
    guard let walk = Broadcasting(operands[0], operands[1]) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return walk
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    let (base, exponent) = (try node.numbers(tensors[0], 0), try node.numbers(tensors[1], 1))
    let shape = try outputShapes(for: tensors.map(\.shape))[0]
    try budget.claim(shape, for: node)
    return [.tensor(powers(base, exponent))]
  }

  private func powers<T: NumericTensor>(_ base: T, _ exponent: any NumericTensor) -> any AnyTensor {
    let walk = walk([base.shape, exponent.shape])
    if T.Element.isInteger, exponent is any IntegerTensor {
      return walk.pairs(base.integers, exponent.integers) { (x, n) -> T.Element in
        T.Element(integer: Self.power(x, n))
      }
    }
    return walk.pairs(base.reals, exponent.reals) { (x, y) -> T.Element in
      T.Element(real: PortableMath.pow(x, y))
    }
  }

  /// By squaring, with wrapping products; 1/x for negative exponents, which is 0 but for ±1.
  private static func power(_ x: Int64, _ n: Int64) -> Int64 {
    guard n >= 0 else { return x == 1 ? 1 : x == -1 ? (n % 2 == 0 ? 1 : -1) : 0 }
    var (result, square, rest) = (Int64(1), x, n)
    while rest > 0 {
      if rest & 1 == 1 { result = result &* square }
      square = square &* square
      rest >>= 1
    }
    return result
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    [
      walk(operands.map(\.shape)).pairs(operands[0].elements, operands[1].elements) {
        S.rounding(PortableMath.pow($0.real, $1.real))
      }
    ]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let walk = walk(record.operands.map(\.shape))
    let (x, y) = (record.operands[0].elements, record.operands[1].elements)
    let g = cotangents[0].elements
    let run = walk.axes[walk.axes.count - 1]
    var sums = record.operands.map { [S](repeating: 0, count: $0.count) }
    walk.forEachRun { output, a, b in
      for i in 0..<run.count {
        let (base, power) = (x[a + i * run.left].real, y[b + i * run.right].real)
        if record.needsGradient[0] {
          let slope = power == 0 ? 0 : power * PortableMath.pow(base, power - 1)
          sums[0][a + i * run.left] += g[output + i] * S.rounding(slope)
        }
        if record.needsGradient[1] {
          let slope =
            base == 0 ? 0 : PortableMath.pow(base, power) * PortableMath.log(base)
          sums[1][b + i * run.right] += g[output + i] * S.rounding(slope)
        }
      }
    }
    return sums.indices.map {
      record.needsGradient[$0]
        ? Tensor(shape: record.operands[$0].shape, elements: sums[$0]) : nil
    }
  }

  /// For exponents that are known; a base that may be negative is bounded for whole exponents only.
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let walk = walk(operands.map(\.shape))
    func ends(_ pick: (Double, Double) -> Double) -> Tensor<Double> {
      let base = zip(operands[0].lower.elements, operands[0].upper.elements).map { $0 }
      let power = zip(operands[1].lower.elements, operands[1].upper.elements).map { $0 }
      return walk.pairs(base, power) { range, exponents in
        let (low, high) = Self.bounds(range, exponents)
        return pick(low, high)
      }
    }
    return [IntervalTensor(lower: ends { low, _ in low }, upper: ends { _, high in high })]
  }

  private static func bounds(
    _ base: (Double, Double), _ exponents: (Double, Double)
  ) -> (Double, Double) {
    let y = exponents.0
    guard y == exponents.1, base.0 >= 0 || y == y.rounded() && y >= 0 else {
      return (-.infinity, .infinity)
    }
    let (a, b) = (PortableMath.pow(base.0, y), PortableMath.pow(base.1, y))
    let passesZero = base.0 < 0 && base.1 > 0 && y > 0
    return OutwardRounding.widened(
      passesZero ? min(a, b, 0) : min(a, b), max(a, b), ulps: 4)
  }
}

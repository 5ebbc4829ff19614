package import EngineSupport
import TensorCore

/// Products of quantised operands with exact integer sums: ConvInteger, MatMulInteger, QLinearConv,
/// QLinearMatMul.
///
/// Sums are taken by the `Double` kernels, in which every product and sum of these integers is exact below
/// 2⁵³; the results of ConvInteger and MatMulInteger keep the low 32 bits.
package struct IntegerProduct: Operator {
  package static let signatures = [
    OperatorSignature(
      "ConvInteger", opsets: 10...OperatorSignature.newestOpset, operands: 2...4,
      attributes: SlidingWindow.attributes.union(["group"])),
    OperatorSignature(
      "MatMulInteger", opsets: 10...OperatorSignature.newestOpset, operands: 2...4),
    OperatorSignature(
      "QLinearConv", opsets: 10...OperatorSignature.newestOpset, operands: 8...9,
      attributes: SlidingWindow.attributes.union(["group"])),
    OperatorSignature(
      "QLinearMatMul", opsets: 10...OperatorSignature.newestOpset, operands: 8...8),
  ]

  private let node: OperatorNode
  private let product: any RealOperator
  private let isConvolution: Bool
  private let isLinear: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    isConvolution = node.operation.contains("Conv")
    isLinear = node.operation.hasPrefix("QLinear")
    product = isConvolution ? try Convolution(node) : try MatrixMultiplication(node)
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    func numbers(_ index: Int) throws(Diagnostic) -> (any NumericTensor)? {
      guard let tensor = try node.optional(operands, index) else { return nil }
      return try node.numbers(tensor, index)
    }
    guard let a = try numbers(0), let b = try numbers(isLinear ? 3 : 1) else {
      throw node.mismatch("an operand is left out")
    }
    let left = try centred(a, try numbers(2), isWeight: false)
    let right = try centred(b, try numbers(isLinear ? 5 : 3), isWeight: true)
    let shapes = [left.shape, right.shape]
    let shape = try product.outputShapes(for: shapes)[0]
    try budget.claim(shape, for: node, work: product.work(for: shapes, outputs: [shape]))
    var sums = product.forward([left, right], by: .fastest)[0]
    guard isLinear else {
      let words = sums.elements.map { Int32(truncatingIfNeeded: Int64($0)) }
      return [.tensor(Tensor(shape: shape, elements: words))]
    }
    if let bias = try numbers(8) {
      guard bias.shape == [shape[1]] else { throw node.mismatch("a bias of \(bias.shape)") }
      let plane = shape[2...].reduce(1, *)
      for i in sums.elements.indices { sums.elements[i] += bias.reals[i / plane % shape[1]] }
    }
    guard let scaleA = try numbers(1), let scaleB = try numbers(4), let scaleY = try numbers(6),
      let zeroY = try numbers(7)
    else { throw node.mismatch("a scale or zero point is left out") }
    return [.tensor(try scaled(sums, scaleA, scaleB, scaleY, zeroY))]
  }

  /// A tensor less its zero point: one for all, one for each row of the left matrix, one for each column or
  /// output channel of the right operand.
  private func centred(
    _ tensor: any NumericTensor, _ zero: (any NumericTensor)?, isWeight: Bool
  ) throws(Diagnostic) -> Tensor<Double> {
    let values = Tensor(shape: tensor.shape, elements: tensor.reals)
    guard let zero else { return values }
    let offsets = zero.reals
    if offsets.count == 1 {
      return Tensor(shape: values.shape, elements: values.elements.map { $0 - offsets[0] })
    }
    let places = try places(of: zero.shape, in: values.shape, isWeight: isWeight)
    return Tensor(
      shape: values.shape,
      elements: zip(values.elements, places).map { $0 - offsets[$1] })
  }

  private func places(
    of own: [Int], in shape: [Int], isWeight: Bool
  ) throws(Diagnostic) -> [Int] {
    let count = shape.reduce(1, *)
    let length = own.reduce(1, *)
    if isConvolution, isWeight, let first = shape.first, own == [first] {
      return (0..<count).map { $0 / max(count / first, 1) }
    }
    let axis = isWeight ? shape.count - 1 : shape.count - 2
    if !isConvolution, axis >= 0, own == [shape[axis]] {
      let inner = shape[(axis + 1)...].reduce(1, *)
      return (0..<count).map { $0 / inner % length }
    }
    guard let strides = IndexWalk.broadcastStrides(own, to: shape) else {
      throw node.mismatch("zero points of \(own) do not fit \(shape)")
    }
    return IndexWalk.positions(shape, strides: strides)
  }

  private func scaled(
    _ sums: Tensor<Double>, _ scaleA: any NumericTensor, _ scaleB: any NumericTensor,
    _ scaleY: any NumericTensor, _ zeroY: any NumericTensor
  ) throws(Diagnostic) -> any AnyTensor {
    let shape = sums.shape
    func factors(_ scale: any NumericTensor, isWeight: Bool) throws(Diagnostic) -> [Double] {
      let values = scale.reals
      if values.count == 1 { return [Double](repeating: values[0], count: sums.count) }
      if isConvolution, shape.count > 2, scale.shape == [shape[1]] {
        let plane = shape[2...].reduce(1, *)
        return sums.elements.indices.map { values[$0 / plane % shape[1]] }
      }
      return try places(of: scale.shape, in: shape, isWeight: isWeight).map { values[$0] }
    }
    let a = try factors(scaleA, isWeight: false)
    let b = try factors(scaleB, isWeight: true)
    let y = try factors(scaleY, isWeight: true)
    let zero = zeroY.reals.first ?? 0
    let rounded = sums.elements.indices.map { index in
      let factor = Float(a[index]) * Float(b[index]) / Float(y[index])
      return Double((Float(sums.elements[index]) * factor).rounded(.toNearestOrEven)) + zero
    }
    return stored(rounded, shape, like: zeroY)
  }

  private func stored<T: NumericTensor>(
    _ values: [Double], _ shape: [Int], like _: T
  ) -> any AnyTensor { T(shape: shape, elements: values.map { T.Element(real: $0) }) }
}

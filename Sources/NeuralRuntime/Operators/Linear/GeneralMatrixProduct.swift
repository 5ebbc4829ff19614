package import EngineSupport
package import TensorCore

/// Gemm: Y = alpha · A′ · B′ + beta · C, where A′ and B′ are A and B or their transposes.
///
/// With alpha = 1 each output is one chain of fused multiply-adds that starts from beta · C.
package struct GeneralMatrixProduct: BilinearOperator {
  package static let signatures = [
    OperatorSignature(
      "Gemm", operands: 2...3, attributes: ["alpha", "beta", "transA", "transB"])
  ]

  private(set) var alpha: Double
  private(set) var beta: Double
  let transposesLeft: Bool
  let transposesRight: Bool
  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    alpha = try node.float("alpha") ?? 1
    beta = try node.float("beta") ?? 1
    transposesLeft = try node.flag("transA")
    transposesRight = try node.flag("transB")
  }

  private func sizes(_ a: [Int], _ b: [Int]) -> (rows: Int, columns: Int, depth: Int) {
    (a[transposesLeft ? 1 : 0], b[transposesRight ? 0 : 1], a[transposesLeft ? 0 : 1])
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let (a, b) = (operands[0], operands[1])
    guard a.count == 2, b.count == 2 else {
      throw node.mismatch("A \(a) and B \(b) must be matrices")
    }
    let (rows, columns, depth) = sizes(a, b)
    guard b[transposesRight ? 1 : 0] == depth else {
      throw node.mismatch("the inner dimensions of A \(a) and B \(b) differ")
    }
    if operands.count == 3 {
      guard Broadcasting(operands[2], [rows, columns])?.shape == [rows, columns] else {
        throw node.mismatch("C \(operands[2]) cannot be broadcast to \([rows, columns])")
      }
    }
    return [[rows, columns]]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    guard !transposesLeft, operands[0].isBatched, !operands[1].isBatched else { return nil }
    if operands.count == 3 {
      let c = operands[2]
      guard c.isBatched ? c.shape.count == 2 : c.shape.count < 2 || c.shape[0] == 1 else {
        return nil
      }
    }
    return self
  }

  package func terms(for operands: [[Int]]) -> Int { operands[0][transposesLeft ? 0 : 1] + 1 }

  package func row(
    of output: Int, operands: [Tensor<Double>]
  ) -> [(source: Int, factor: Double)]? {
    let (left, right) = (operands[0], operands[1])
    let (rows, columns, depth) = sizes(left.shape, right.shape)
    guard !transposesLeft, alpha == 1, rows > 0 else { return nil }
    let (row, column) = (output / columns, output % columns)
    return (0..<depth).map { step in
      let place = transposesRight ? column * depth + step : step * columns + column
      return (row * depth + step, right.elements[place])
    }
  }

  package var withMagnitudes: GeneralMatrixProduct {
    var result = self
    result.alpha = abs(alpha)
    result.beta = abs(beta)
    return result
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    outputs[0].reduce(1, *) * operands[0][transposesLeft ? 0 : 1]
  }

  private func leftLayout(_ shape: [Int]) -> MatrixLayout {
    let layout = MatrixLayout(rowStride: shape[1])
    return transposesLeft ? layout.transposed : layout
  }

  private func rightLayout(_ shape: [Int]) -> MatrixLayout {
    let layout = MatrixLayout(rowStride: shape[1])
    return transposesRight ? layout.transposed : layout
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let (a, b) = (operands[0], operands[1])
    let (rows, columns, depth) = sizes(a.shape, b.shape)
    var start = [S](repeating: 0, count: rows * columns)
    if operands.count == 3, let walk = Broadcasting(operands[2].shape, [rows, columns]) {
      let c = operands[2].elements
      let beta = S.rounding(beta)
      let run = walk.axes[walk.axes.count - 1]
      walk.forEachRun { output, index, _ in
        for i in 0..<run.count { start[output + i] = beta * c[index + i * run.left] }
      }
    }
    var y = alpha == 1 ? start : [S](repeating: 0, count: rows * columns)
    S.addProduct(
      rows: rows, columns: columns, depth: depth, of: a.elements, leftLayout(a.shape),
      and: b.elements, rightLayout(b.shape), to: &y, MatrixLayout(rowStride: columns), by: path)
    if alpha != 1 {
      let alpha = S.rounding(alpha)
      for i in y.indices { y[i] = alpha * y[i] + start[i] }
    }
    return [Tensor(shape: [rows, columns], elements: y)]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let (a, b) = (record.operands[0], record.operands[1])
    let (rows, columns, depth) = sizes(a.shape, b.shape)
    let cotangent = cotangents[0].elements
    var g = cotangent
    if alpha != 1 {
      let alpha = S.rounding(alpha)
      for i in g.indices { g[i] *= alpha }
    }
    let layout = MatrixLayout(rowStride: columns)
    var gradients: [Tensor<S>?] = Array(repeating: nil, count: record.operands.count)
    if record.needsGradient[0] {
      var sum = [S](repeating: 0, count: a.count)
      S.addProduct(
        rows: rows, columns: depth, depth: columns, of: g, layout, and: b.elements,
        rightLayout(b.shape).transposed, to: &sum, leftLayout(a.shape), by: path)
      gradients[0] = Tensor(shape: a.shape, elements: sum)
    }
    if record.needsGradient[1] {
      var sum = [S](repeating: 0, count: b.count)
      S.addProduct(
        rows: depth, columns: columns, depth: rows, of: a.elements,
        leftLayout(a.shape).transposed, and: g, layout, to: &sum, rightLayout(b.shape), by: path)
      gradients[1] = Tensor(shape: b.shape, elements: sum)
    }
    if record.operands.count == 3, record.needsGradient[2],
      let walk = Broadcasting(record.operands[2].shape, [rows, columns])
    {
      var sum = [S](repeating: 0, count: record.operands[2].count)
      let beta = S.rounding(beta)
      let run = walk.axes[walk.axes.count - 1]
      walk.forEachRun { output, index, _ in
        for i in 0..<run.count { sum[index + i * run.left] += beta * cotangent[output + i] }
      }
      gradients[2] = Tensor(shape: record.operands[2].shape, elements: sum)
    }
    return gradients
  }
}

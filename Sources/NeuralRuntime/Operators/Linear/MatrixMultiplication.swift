package import EngineSupport
package import TensorCore

/// MatMul: NumPy's matrix product, with vectors and broadcast stacks of matrices.
package struct MatrixMultiplication: BilinearOperator {
  package static let signatures = [OperatorSignature("MatMul", operands: 2...2)]

  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }

  /// The product as a walk over pairs of matrices.
  private struct Plan {
    var rows: Int
    var columns: Int
    var depth: Int
    var output: [Int]
    /// First element of the left, right and output matrix of each product, in output order.
    var products: [(left: Int, right: Int, output: Int)]
  }

  /// nil where the shapes do not fit. `products` is filled only if `isRunning`.
  private func plan(_ left: [Int], _ right: [Int], isRunning: Bool) -> Plan? {
    guard let last = left.last, !right.isEmpty else { return nil }
    let a = left.count == 1 ? [1] + left : left
    let b = right.count == 1 ? right + [1] : right
    guard b[b.count - 2] == last else { return nil }
    var rows = a[a.count - 2]
    let columns = b[b.count - 1]
    guard let walk = Broadcasting(Array(a.dropLast(2)), Array(b.dropLast(2))) else { return nil }
    var output = walk.shape
    if left.count > 1 { output.append(rows) }
    if right.count > 1 { output.append(columns) }
    var products: [(left: Int, right: Int, output: Int)] = []
    if b.dropLast(2).allSatisfy({ $0 == 1 }) {
      // One right matrix for all: the stack of left matrices is one tall matrix.
      rows *= walk.shape.reduce(1, *)
      products = [(0, 0, 0)]
    } else if isRunning {
      let run = walk.axes[walk.axes.count - 1]
      let (leftSize, rightSize, size) = (rows * last, last * columns, rows * columns)
      walk.forEachRun { output, left, right in
        for i in 0..<run.count {
          products.append(
            (
              (left + i * run.left) * leftSize, (right + i * run.right) * rightSize,
              (output + i) * size
            ))
        }
      }
    }
    return Plan(rows: rows, columns: columns, depth: last, output: output, products: products)
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard let plan = plan(operands[0], operands[1], isRunning: false) else {
      throw node.mismatch("\(operands[0]) and \(operands[1]) cannot be multiplied")
    }
    return [plan.output]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    let (left, right) = (operands[0], operands[1])
    if left.isBatched, !right.isBatched {
      // The right operand may add no axis before the batch and may not be a stack along it.
      guard left.shape.count >= 2, right.shape.count <= left.shape.count,
        right.shape.count < max(left.shape.count, 3) || right.shape[0] == 1
      else { return nil }
      return self
    }
    if right.isBatched {
      let isStack =
        right.shape.count >= 3
        && (left.isBatched
          ? left.shape.count == right.shape.count
          : left.shape.count < right.shape.count || left.shape[0] == 1)
      return isStack && left.shape.count <= right.shape.count ? self : nil
    }
    return nil
  }

  package func terms(for operands: [[Int]]) -> Int { operands[0].last ?? 1 }

  package func row(
    of output: Int, operands: [Tensor<Double>]
  ) -> [(source: Int, factor: Double)]? {
    guard operands[1].rank == 2,
      let plan = plan(operands[0].shape, operands[1].shape, isRunning: false)
    else { return nil }
    let (row, column) = (output / plan.columns, output % plan.columns)
    return (0..<plan.depth).map {
      (row * plan.depth + $0, operands[1].elements[$0 * plan.columns + column])
    }
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    outputs[0].reduce(1, *) * (operands[0].last ?? 1)
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    guard let plan = plan(operands[0].shape, operands[1].shape, isRunning: true) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    var y = [S](repeating: 0, count: plan.output.reduce(1, *))
    for product in plan.products {
      S.addProduct(
        rows: plan.rows, columns: plan.columns, depth: plan.depth,
        of: operands[0].elements,
        MatrixLayout(offset: product.left, rowStride: plan.depth),
        and: operands[1].elements,
        MatrixLayout(offset: product.right, rowStride: plan.columns),
        to: &y, MatrixLayout(offset: product.output, rowStride: plan.columns), by: path)
    }
    return [Tensor(shape: plan.output, elements: y)]
  }

  /// Gradients of broadcast operands are summed product after product.
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let (left, right) = (record.operands[0], record.operands[1])
    guard let plan = plan(left.shape, right.shape, isRunning: true) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let g = cotangents[0].elements
    var gradients: [Tensor<S>?] = [nil, nil]
    if record.needsGradient[0] {
      var sum = [S](repeating: 0, count: left.count)
      for product in plan.products {
        S.addProduct(
          rows: plan.rows, columns: plan.depth, depth: plan.columns,
          of: g, MatrixLayout(offset: product.output, rowStride: plan.columns),
          and: right.elements,
          MatrixLayout(offset: product.right, rowStride: plan.columns).transposed,
          to: &sum, MatrixLayout(offset: product.left, rowStride: plan.depth), by: path)
      }
      gradients[0] = Tensor(shape: left.shape, elements: sum)
    }
    if record.needsGradient[1] {
      var sum = [S](repeating: 0, count: right.count)
      for product in plan.products {
        S.addProduct(
          rows: plan.depth, columns: plan.columns, depth: plan.rows,
          of: left.elements,
          MatrixLayout(offset: product.left, rowStride: plan.depth).transposed,
          and: g, MatrixLayout(offset: product.output, rowStride: plan.columns),
          to: &sum, MatrixLayout(offset: product.right, rowStride: plan.columns), by: path)
      }
      gradients[1] = Tensor(shape: right.shape, elements: sum)
    }
    return gradients
  }
}

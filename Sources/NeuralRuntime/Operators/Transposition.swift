package import EngineSupport
package import TensorCore

/// Transpose: the axes in another order.
package struct Transposition: DifferentiableOperator {
  package static let signatures = [OperatorSignature("Transpose", attributes: ["perm"])]

  /// nil reverses the axes.
  private let permutation: [Int]?
  private let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    permutation = try node.ints("perm")
  }

  private func permutation(rank: Int) -> [Int] { permutation ?? (0..<rank).reversed() }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    let permutation = permutation(rank: shape.count)
    guard permutation.sorted() == Array(shape.indices) else {
      throw node.mismatch("\(permutation) does not order the axes of \(shape)")
    }
    return [permutation.map { shape[$0] }]
  }

  package func rowwise(_ operands: [OperandShape]) -> Self? {
    permutation(rank: operands[0].shape.count).first == 0 ? self : nil
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    [Self.permuted(operands[0], by: permutation(rank: operands[0].rank))]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let permutation = permutation(rank: cotangents[0].rank)
    var inverse = permutation
    for (target, source) in permutation.enumerated() { inverse[source] = target }
    return [Self.permuted(cotangents[0], by: inverse)]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  private static func permuted<S: KernelScalar>(
    _ tensor: Tensor<S>, by permutation: [Int]
  ) -> Tensor<S> {
    var strides = tensor.shape
    var stride = 1
    for axis in strides.indices.reversed() {
      strides[axis] = stride
      stride *= tensor.shape[axis]
    }
    let shape = permutation.map { tensor.shape[$0] }
    let steps = permutation.map { strides[$0] }
    let source = tensor.elements
    var result: [S] = []
    result.reserveCapacity(source.count)
    var counters = shape.map { _ in 0 }
    var index = 0
    for _ in 0..<source.count {
      result.append(source[index])
      var axis = shape.count - 1
      while axis >= 0 {
        counters[axis] += 1
        index += steps[axis]
        if counters[axis] < shape[axis] { break }
        index -= steps[axis] * shape[axis]
        counters[axis] = 0
        axis -= 1
      }
    }
    return Tensor(shape: shape, elements: result)
  }
}

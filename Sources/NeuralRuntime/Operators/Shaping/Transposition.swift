package import EngineSupport
package import TensorCore

/// Transpose: the axes in another order.
package struct Transposition: RearrangingOperator {
  package static let signatures = [OperatorSignature("Transpose", attributes: ["perm"])]

  /// nil reverses the axes.
  private let permutation: [Int]?
  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    permutation = try node.ints("perm")
  }

  func permutation(rank: Int) -> [Int] { permutation ?? (0..<rank).reversed() }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    let permutation = permutation(rank: shape.count)
    guard permutation.sorted() == Array(shape.indices) else {
      throw node.mismatch("\(permutation) does not order the axes of \(shape)")
    }
    return [permutation.map { shape[$0] }]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    permutation(rank: operands[0].shape.count).first == 0 ? self : nil
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    [operands[0].permuted(by: permutation(rank: operands[0].rank))]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let permutation = permutation(rank: cotangents[0].rank)
    var inverse = permutation
    for (target, source) in permutation.enumerated() { inverse[source] = target }
    return [cotangents[0].permuted(by: inverse)]
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let strides = IndexWalk.strides(operands[0])
    let permutation = permutation(rank: operands[0].count)
    return [IndexWalk.positions(outputs[0], strides: permutation.map { strides[$0] })]
  }
}

extension Tensor where Element: KernelScalar {
  /// The axes in another order.
  func permuted(by permutation: [Int]) -> Tensor {
    let strides = IndexWalk.strides(shape)
    let target = permutation.map { shape[$0] }
    let elements = elements
    return Tensor(
      shape: target,
      elements: IndexWalk.positions(target, strides: permutation.map { strides[$0] })
        .map { elements[$0] })
  }
}

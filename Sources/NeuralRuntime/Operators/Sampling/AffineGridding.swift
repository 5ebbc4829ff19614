package import EngineSupport
package import TensorCore

/// AffineGrid: the places at which an affine map reads an image or a volume, as GridSample takes them.
///
/// y[n, …, i] = Σⱼ theta[n, i, j]·place[…, j] + theta[n, i, last], with places from −1 to 1 over each axis.
package struct AffineGridding: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature(
      "AffineGrid", opsets: 20...OperatorSignature.newestOpset, parameters: ["size"],
      attributes: ["align_corners"])
  ]

  package let node: OperatorNode
  private let size: [Int]
  private let alignsCorners: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let size = try node.parameterInts("size"), (4...5).contains(size.count),
      NetworkLimits.elementCount(size) != nil
    else { throw node.mismatch("the size must be that of an image or a volume") }
    self.size = size
    alignsCorners = try node.flag("align_corners")
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let rank = size.count - 2
    guard operands[0] == [size[0], rank, rank + 1] else {
      throw node.mismatch("maps of \(operands[0]) for a size of \(size)")
    }
    return [[size[0]] + size[2...] + [rank]]
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    outputs[0].reduce(1, *) * (size.count - 1)
  }

  /// The places of the grid, the last axis first, and a one for the constant term: `[places, rank + 1]`.
  private var places: [Double] {
    func place(_ index: Int, _ length: Int) -> Double {
      guard alignsCorners else { return Double(2 * index + 1) / Double(length) - 1 }
      return length == 1 ? 0 : 2 * Double(index) / Double(length - 1) - 1
    }
    var result: [Double] = []
    IndexWalk.forEachIndex(Array(size[2...])) { index in
      for axis in index.indices.reversed() { result.append(place(index[axis], size[axis + 2])) }
      result.append(1)
    }
    return result
  }

  private func product<S: KernelScalar>(
    _ theta: Tensor<S>, _ places: [Double], by path: KernelPath
  ) -> Tensor<S> {
    let rank = size.count - 2
    let count = size[2...].reduce(1, *)
    var y = [S](repeating: 0, count: size[0] * count * rank)
    let left = places.map { S.rounding($0) }
    for batch in 0..<size[0] {
      S.addProduct(
        rows: count, columns: rank, depth: rank + 1, of: left, MatrixLayout(rowStride: rank + 1),
        and: theta.elements,
        MatrixLayout(offset: batch * rank * (rank + 1), rowStride: rank + 1).transposed, to: &y,
        MatrixLayout(offset: batch * count * rank, rowStride: rank), by: path)
    }
    return Tensor(shape: [size[0]] + size[2...] + [rank], elements: y)
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] { [product(operands[0], places, by: path)] }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let rank = size.count - 2
    let count = size[2...].reduce(1, *)
    let right = places.map { S.rounding($0) }
    var gradient = [S](repeating: 0, count: record.operands[0].count)
    for batch in 0..<size[0] {
      S.addProduct(
        rows: rank, columns: rank + 1, depth: count, of: cotangents[0].elements,
        MatrixLayout(offset: batch * count * rank, rowStride: rank).transposed, and: right,
        MatrixLayout(rowStride: rank + 1), to: &gradient,
        MatrixLayout(offset: batch * rank * (rank + 1), rowStride: rank + 1), by: path)
    }
    return [Tensor(shape: record.operands[0].shape, elements: gradient)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let places = places
    let sizes = places.map { abs($0) }
    let (centre, radius) = operands[0].centred
    let middle = product(centre, places, by: .fastest)
    let reach = product(radius, sizes, by: .fastest)
    let magnitudes = product(sum(centre.magnitudes, radius), sizes.map { max($0, 1) }, by: .fastest)
    let ends = zip(middle.elements, reach.elements)
    return [
      IntervalTensor(
        lower: Tensor(shape: middle.shape, elements: ends.map { $0 - $1 }),
        upper: Tensor(shape: middle.shape, elements: ends.map { $0 + $1 })
      ).widened(terms: size.count + 4, magnitudes: magnitudes)
    ]
  }
}

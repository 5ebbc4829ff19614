package import EngineSupport
package import TensorCore

/// MaxPool over one to three spatial axes, and GlobalMaxPool. The gradient goes to the first of equal
/// greatest elements; NaN under a window is its maximum.
package struct MaximumPooling: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature("GlobalMaxPool"),
    OperatorSignature(
      "MaxPool", attributes: SlidingWindow.attributes.union(["ceil_mode", "storage_order"]),
      results: 2),
  ]

  package let node: OperatorNode
  let window: PoolingWindow
  private let countsColumnsFirst: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    window = try PoolingWindow(node)
    countsColumnsFirst = try node.flag("storage_order")
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    [try window.outputShape(operands[0])]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    window.work(operands[0], output: outputs[0])
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    let wantsPlaces = node.wantsOutput.count > 1 && node.wantsOutput[1]
    guard wantsPlaces || tensor is any IntegerTensor else {
      return try evaluateReals(operands, within: &budget)
    }
    let shape = try outputShapes(for: [tensor.shape])[0]
    try budget.claim(shape, for: node, work: work(for: [tensor.shape], outputs: [shape]))
    let reals = try node.numbers(tensor, 0).reals
    let winners = winners(reals, tensor.shape)
    let values = tensor.gathering(winners, shape: shape)
    return [.tensor(values), .tensor(places(winners, tensor.shape, shape))]
  }

  /// The winners as places in the whole tensor; in column-major order within each plane if asked for.
  private func places(_ winners: [Int], _ input: [Int], _ shape: [Int]) -> Tensor<Int64> {
    let spatial = Array(input[2...])
    let plane = spatial.reduce(1, *)
    guard countsColumnsFirst else {
      return Tensor(shape: shape, elements: winners.map { Int64($0) })
    }
    let strides = IndexWalk.strides(spatial)
    let turned = Array(IndexWalk.strides(spatial.reversed()).reversed())
    return Tensor(
      shape: shape,
      elements: winners.map { winner in
        let inside = winner % plane
        var place = winner - inside
        for axis in spatial.indices {
          place += inside / strides[axis] % spatial[axis] * turned[axis]
        }
        return Int64(place)
      })
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let x = operands[0].elements
    let shape = window.plannedShape(operands[0].shape)
    return [
      Tensor(
        shape: shape,
        elements: winners(x, operands[0].shape).map { $0 < 0 ? -S.infinity : x[$0] })
    ]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0]
    let g = cotangents[0].elements
    var gradient = [S](repeating: 0, count: x.count)
    for (output, winner) in winners(x.elements, x.shape).enumerated() where winner >= 0 {
      gradient[winner] += g[output]
    }
    return [Tensor(shape: x.shape, elements: gradient)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    [
      IntervalTensor(
        lower: forward([operands[0].lower], by: .fastest)[0],
        upper: forward([operands[0].upper], by: .fastest)[0])
    ]
  }

  /// For each output the index of the greatest element under its window; −1 where all is padding.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func winners<S: KernelScalar>(_ x: [S], _ shape: [Int]) -> [Int] {
    let geometry = window.plannedGeometry(shape)
    let planes = shape[0] * shape[1]
    var indices: [Int] = []
    indices.reserveCapacity(planes * geometry.outputPlane)
    window.forEachWindow(geometry, planes: planes) { taps in
      var best = -1
      for z in taps.z {
        for y in taps.y {
          for column in taps.x {
            let index = taps.index(z, y, column)
            // A comparison with NaN is false, so once NaN leads it stays.
            if best < 0 || x[index] > x[best] || (x[index].isNaN && !x[best].isNaN) {
              best = index
            }
          }
        }
      }
      indices.append(best)
    }
    return indices
  }
}
